package io.vitj.tensor.kernel;

import static io.vitj.tensor.kernel.Lanes.BYTES;
import static io.vitj.tensor.kernel.Lanes.FLOAT;
import static io.vitj.tensor.kernel.Lanes.LITTLE;
import static io.vitj.tensor.kernel.Lanes.SPECIES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Copies, sums and multiples of rows. Offsets in bytes, n in floats. */
final class ElementwiseKernels {
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, SPECIES.vectorShape());
  private static final int UPPER = 0xffff0000;
  private static final int PANEL_VECTORS = VectorKernels.BLOCKING.tileColumns() / Lanes.COUNT;
  private static final long PANEL_BYTES = PANEL_VECTORS * BYTES;

  private ElementwiseKernels() {}

  static void copy(MemorySegment x, long xo, MemorySegment y, long yo, int n) {
    Lanes.settle(x.isNative() && y.isNative());
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      Lanes.load(x, xo + i * 4L).intoMemorySegment(y, yo + i * 4L, LITTLE);
    }
    for (int i = bound; i < n; i++) {
      y.set(FLOAT, yo + i * 4L, x.get(FLOAT, xo + i * 4L));
    }
  }

  /** Down the columns: those of a tile are few, and its rows a short loop each. */
  static void add(
      MemorySegment x, long xo, long ldx, MemorySegment y, long yo, long ldy, int rows, int n) {
    Lanes.settle(x.isNative() && y.isNative());
    int bound = Lanes.bound(n);
    for (int j = 0; j < bound; j += Lanes.COUNT) {
      long from = xo + j * 4L;
      long to = yo + j * 4L;
      for (int i = 0; i < rows; i++) {
        // Not Lanes.load: C2 left it a call here in every third JVM.
        FloatVector addend = FloatVector.fromMemorySegment(SPECIES, x, from + i * ldx, LITTLE);
        FloatVector sum = FloatVector.fromMemorySegment(SPECIES, y, to + i * ldy, LITTLE);
        sum.add(addend).intoMemorySegment(y, to + i * ldy, LITTLE);
      }
    }
    for (int i = 0; i < rows; i++) {
      for (int j = bound; j < n; j++) {
        long to = yo + i * ldy + j * 4L;
        y.set(FLOAT, to, x.get(FLOAT, xo + i * ldx + j * 4L) + y.get(FLOAT, to));
      }
    }
  }

  /** The rows of a panel are a constant number of vectors, so C2 leaves one loop. */
  static void widen(MemorySegment x, long xo, MemorySegment y, long yo, int pairs) {
    Lanes.settle(x.isNative() && y.isNative());
    for (int i = 0; i < pairs; i++) {
      long from = xo + i * PANEL_BYTES;
      long to = yo + 2L * i * PANEL_BYTES;
      for (int j = 0; j < PANEL_VECTORS; j++) {
        long at = j * BYTES;
        IntVector pair = IntVector.fromMemorySegment(INTS, x, from + at, LITTLE);
        IntVector lower = pair.lanewise(VectorOperators.LSHL, 16);
        lower.intoMemorySegment(y, to + at, LITTLE);
        pair.and(UPPER).intoMemorySegment(y, to + PANEL_BYTES + at, LITTLE);
      }
    }
  }

  static void scale(MemorySegment x, long xo, float factor, MemorySegment y, long yo, int n) {
    Lanes.settle(x.isNative() && y.isNative());
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      Lanes.load(x, xo + i * 4L).mul(factor).intoMemorySegment(y, yo + i * 4L, LITTLE);
    }
    for (int i = bound; i < n; i++) {
      y.set(FLOAT, yo + i * 4L, x.get(FLOAT, xo + i * 4L) * factor);
    }
  }
}
