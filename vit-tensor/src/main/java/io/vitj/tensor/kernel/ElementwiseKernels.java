package io.vitj.tensor.kernel;

import static io.vitj.tensor.kernel.Lanes.FLOAT;
import static io.vitj.tensor.kernel.Lanes.LITTLE;

import java.lang.foreign.MemorySegment;

/** Copies, sums and multiples of rows. Offsets in bytes, n in floats. */
final class ElementwiseKernels {
  private ElementwiseKernels() {}

  static void copy(MemorySegment x, long xo, MemorySegment y, long yo, int n) {
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      Lanes.load(x, xo + i * 4L).intoMemorySegment(y, yo + i * 4L, LITTLE);
    }
    for (int i = bound; i < n; i++) {
      y.set(FLOAT, yo + i * 4L, x.get(FLOAT, xo + i * 4L));
    }
  }

  static void add(MemorySegment x, long xo, MemorySegment y, long yo, int n) {
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      long at = yo + i * 4L;
      Lanes.load(x, xo + i * 4L).add(Lanes.load(y, at)).intoMemorySegment(y, at, LITTLE);
    }
    for (int i = bound; i < n; i++) {
      y.set(FLOAT, yo + i * 4L, x.get(FLOAT, xo + i * 4L) + y.get(FLOAT, yo + i * 4L));
    }
  }

  static void scale(MemorySegment x, long xo, float factor, MemorySegment y, long yo, int n) {
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      Lanes.load(x, xo + i * 4L).mul(factor).intoMemorySegment(y, yo + i * 4L, LITTLE);
    }
    for (int i = bound; i < n; i++) {
      y.set(FLOAT, yo + i * 4L, x.get(FLOAT, xo + i * 4L) * factor);
    }
  }
}
