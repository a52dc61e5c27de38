package io.vitj.tensor.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.VectorMask;

/** Copies, sums and products of rows. Offsets in bytes, n in floats. */
final class ElementwiseKernels {
  private ElementwiseKernels() {}

  static void copy(MemorySegment x, long xo, MemorySegment y, long yo, int n) {
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      Lanes.store(Lanes.load(x, xo + i * 4L), y, yo + i * 4L);
    }
    if (bound < n) {
      VectorMask<Float> tail = Lanes.tail(n);
      Lanes.store(Lanes.load(x, xo + bound * 4L, tail), y, yo + bound * 4L, tail);
    }
  }

  static void add(MemorySegment x, long xo, MemorySegment y, long yo, int n) {
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      Lanes.store(Lanes.load(x, xo + i * 4L).add(Lanes.load(y, yo + i * 4L)), y, yo + i * 4L);
    }
    if (bound < n) {
      VectorMask<Float> tail = Lanes.tail(n);
      long at = bound * 4L;
      Lanes.store(Lanes.load(x, xo + at, tail).add(Lanes.load(y, yo + at, tail)), y, yo + at, tail);
    }
  }

  static void scale(MemorySegment x, long xo, float factor, MemorySegment y, long yo, int n) {
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      Lanes.store(Lanes.load(x, xo + i * 4L).mul(factor), y, yo + i * 4L);
    }
    if (bound < n) {
      VectorMask<Float> tail = Lanes.tail(n);
      long at = bound * 4L;
      Lanes.store(Lanes.load(x, xo + at, tail).mul(factor), y, yo + at, tail);
    }
  }

  static void multiply(
      MemorySegment x, long xo, MemorySegment g, long go, MemorySegment y, long yo, int n) {
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      Lanes.store(Lanes.load(x, xo + i * 4L).mul(Lanes.load(g, go + i * 4L)), y, yo + i * 4L);
    }
    if (bound < n) {
      VectorMask<Float> tail = Lanes.tail(n);
      long at = bound * 4L;
      Lanes.store(Lanes.load(x, xo + at, tail).mul(Lanes.load(g, go + at, tail)), y, yo + at, tail);
    }
  }
}
