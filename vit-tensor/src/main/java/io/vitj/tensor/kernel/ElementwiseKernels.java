package io.vitj.tensor.kernel;

import static io.vitj.tensor.kernel.Lanes.LITTLE;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.VectorMask;

/** Copies, sums and products of rows. Offsets in bytes, n in floats. */
final class ElementwiseKernels {
  private ElementwiseKernels() {}

  static void copy(MemorySegment x, long xo, MemorySegment y, long yo, int n) {
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      Lanes.load(x, xo + i * 4L).intoMemorySegment(y, yo + i * 4L, LITTLE);
    }
    if (bound < n) {
      VectorMask<Float> tail = Lanes.tail(n);
      Lanes.load(x, xo + bound * 4L, tail).intoMemorySegment(y, yo + bound * 4L, LITTLE, tail);
    }
  }

  static void add(MemorySegment x, long xo, MemorySegment y, long yo, int n) {
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      Lanes.load(x, xo + i * 4L)
          .add(Lanes.load(y, yo + i * 4L))
          .intoMemorySegment(y, yo + i * 4L, LITTLE);
    }
    if (bound < n) {
      VectorMask<Float> tail = Lanes.tail(n);
      long at = bound * 4L;
      Lanes.load(x, xo + at, tail)
          .add(Lanes.load(y, yo + at, tail))
          .intoMemorySegment(y, yo + at, LITTLE, tail);
    }
  }

  static void scale(MemorySegment x, long xo, float factor, MemorySegment y, long yo, int n) {
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      Lanes.load(x, xo + i * 4L).mul(factor).intoMemorySegment(y, yo + i * 4L, LITTLE);
    }
    if (bound < n) {
      VectorMask<Float> tail = Lanes.tail(n);
      long at = bound * 4L;
      Lanes.load(x, xo + at, tail).mul(factor).intoMemorySegment(y, yo + at, LITTLE, tail);
    }
  }

  static void multiply(
      MemorySegment x, long xo, MemorySegment g, long go, MemorySegment y, long yo, int n) {
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      Lanes.load(x, xo + i * 4L)
          .mul(Lanes.load(g, go + i * 4L))
          .intoMemorySegment(y, yo + i * 4L, LITTLE);
    }
    if (bound < n) {
      VectorMask<Float> tail = Lanes.tail(n);
      long at = bound * 4L;
      Lanes.load(x, xo + at, tail)
          .mul(Lanes.load(g, go + at, tail))
          .intoMemorySegment(y, yo + at, LITTLE, tail);
    }
  }
}
