package io.vitj.tensor.kernel;

import static io.vitj.tensor.kernel.Lanes.LITTLE;
import static io.vitj.tensor.kernel.Lanes.SPECIES;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Transposition. Offsets and distances in bytes.
 *
 * <p>A square of as many rows as lanes is transposed in registers by perfect shuffles: with n rows,
 * row i and row i + n/2 are merged element by element into rows 2i and 2i + 1, log₂ n times. An
 * element at row r, column c moves one bit of r into c at every step.
 */
final class TransposeKernels {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final VectorShuffle<Float> LOW = VectorShuffle.makeZip(SPECIES, 0);
  private static final VectorShuffle<Float> HIGH = VectorShuffle.makeZip(SPECIES, 1);

  private TransposeKernels() {}

  static void run(
      MemorySegment x,
      long xo,
      long ldx,
      MemorySegment y,
      long yo,
      long ldy,
      int rows,
      int columns) {
    int wholeRows = Lanes.bound(rows);
    int wholeColumns = Lanes.bound(columns);
    for (int i = 0; i < wholeRows; i += Lanes.COUNT) {
      for (int j = 0; j < wholeColumns; j += Lanes.COUNT) {
        long from = xo + i * ldx + j * 4L;
        long to = yo + j * ldy + i * 4L;
        switch (Lanes.COUNT) {
          case 4 -> block4(x, from, ldx, y, to, ldy);
          case 8 -> block8(x, from, ldx, y, to, ldy);
          default -> block16(x, from, ldx, y, to, ldy);
        }
      }
    }
    single(x, xo, ldx, y, yo, ldy, 0, wholeRows, wholeColumns, columns);
    single(x, xo, ldx, y, yo, ldy, wholeRows, rows, 0, columns);
  }

  private static void single(
      MemorySegment x,
      long xo,
      long ldx,
      MemorySegment y,
      long yo,
      long ldy,
      int firstRow,
      int lastRow,
      int firstColumn,
      int lastColumn) {
    Lanes.settle(x.isNative() && y.isNative());
    for (int i = firstRow; i < lastRow; i++) {
      for (int j = firstColumn; j < lastColumn; j++) {
        y.set(INT, yo + j * ldy + i * 4L, x.get(INT, xo + i * ldx + j * 4L));
      }
    }
  }

  // @formatter:off
  private static void block4(
      MemorySegment x, long xo, long ldx, MemorySegment y, long yo, long ldy) {
    Lanes.settle(x.isNative() && y.isNative());
    FloatVector a0 = fromMemorySegment(SPECIES, x, xo, LITTLE);
    FloatVector a1 = fromMemorySegment(SPECIES, x, xo + ldx, LITTLE);
    FloatVector a2 = fromMemorySegment(SPECIES, x, xo + 2 * ldx, LITTLE);
    FloatVector a3 = fromMemorySegment(SPECIES, x, xo + 3 * ldx, LITTLE);
    FloatVector b0 = a0.rearrange(LOW, a2), b1 = a0.rearrange(HIGH, a2);
    FloatVector b2 = a1.rearrange(LOW, a3), b3 = a1.rearrange(HIGH, a3);
    FloatVector c0 = b0.rearrange(LOW, b2), c1 = b0.rearrange(HIGH, b2);
    FloatVector c2 = b1.rearrange(LOW, b3), c3 = b1.rearrange(HIGH, b3);
    c0.intoMemorySegment(y, yo, LITTLE);
    c1.intoMemorySegment(y, yo + ldy, LITTLE);
    c2.intoMemorySegment(y, yo + 2 * ldy, LITTLE);
    c3.intoMemorySegment(y, yo + 3 * ldy, LITTLE);
  }

  private static void block8(
      MemorySegment x, long xo, long ldx, MemorySegment y, long yo, long ldy) {
    Lanes.settle(x.isNative() && y.isNative());
    FloatVector a0 = fromMemorySegment(SPECIES, x, xo, LITTLE);
    FloatVector a1 = fromMemorySegment(SPECIES, x, xo + ldx, LITTLE);
    FloatVector a2 = fromMemorySegment(SPECIES, x, xo + 2 * ldx, LITTLE);
    FloatVector a3 = fromMemorySegment(SPECIES, x, xo + 3 * ldx, LITTLE);
    FloatVector a4 = fromMemorySegment(SPECIES, x, xo + 4 * ldx, LITTLE);
    FloatVector a5 = fromMemorySegment(SPECIES, x, xo + 5 * ldx, LITTLE);
    FloatVector a6 = fromMemorySegment(SPECIES, x, xo + 6 * ldx, LITTLE);
    FloatVector a7 = fromMemorySegment(SPECIES, x, xo + 7 * ldx, LITTLE);
    FloatVector b0 = a0.rearrange(LOW, a4), b1 = a0.rearrange(HIGH, a4);
    FloatVector b2 = a1.rearrange(LOW, a5), b3 = a1.rearrange(HIGH, a5);
    FloatVector b4 = a2.rearrange(LOW, a6), b5 = a2.rearrange(HIGH, a6);
    FloatVector b6 = a3.rearrange(LOW, a7), b7 = a3.rearrange(HIGH, a7);
    FloatVector c0 = b0.rearrange(LOW, b4), c1 = b0.rearrange(HIGH, b4);
    FloatVector c2 = b1.rearrange(LOW, b5), c3 = b1.rearrange(HIGH, b5);
    FloatVector c4 = b2.rearrange(LOW, b6), c5 = b2.rearrange(HIGH, b6);
    FloatVector c6 = b3.rearrange(LOW, b7), c7 = b3.rearrange(HIGH, b7);
    FloatVector d0 = c0.rearrange(LOW, c4), d1 = c0.rearrange(HIGH, c4);
    FloatVector d2 = c1.rearrange(LOW, c5), d3 = c1.rearrange(HIGH, c5);
    FloatVector d4 = c2.rearrange(LOW, c6), d5 = c2.rearrange(HIGH, c6);
    FloatVector d6 = c3.rearrange(LOW, c7), d7 = c3.rearrange(HIGH, c7);
    d0.intoMemorySegment(y, yo, LITTLE);
    d1.intoMemorySegment(y, yo + ldy, LITTLE);
    d2.intoMemorySegment(y, yo + 2 * ldy, LITTLE);
    d3.intoMemorySegment(y, yo + 3 * ldy, LITTLE);
    d4.intoMemorySegment(y, yo + 4 * ldy, LITTLE);
    d5.intoMemorySegment(y, yo + 5 * ldy, LITTLE);
    d6.intoMemorySegment(y, yo + 6 * ldy, LITTLE);
    d7.intoMemorySegment(y, yo + 7 * ldy, LITTLE);
  }

  private static void block16(
      MemorySegment x, long xo, long ldx, MemorySegment y, long yo, long ldy) {
    Lanes.settle(x.isNative() && y.isNative());
    FloatVector a0 = fromMemorySegment(SPECIES, x, xo, LITTLE);
    FloatVector a1 = fromMemorySegment(SPECIES, x, xo + ldx, LITTLE);
    FloatVector a2 = fromMemorySegment(SPECIES, x, xo + 2 * ldx, LITTLE);
    FloatVector a3 = fromMemorySegment(SPECIES, x, xo + 3 * ldx, LITTLE);
    FloatVector a4 = fromMemorySegment(SPECIES, x, xo + 4 * ldx, LITTLE);
    FloatVector a5 = fromMemorySegment(SPECIES, x, xo + 5 * ldx, LITTLE);
    FloatVector a6 = fromMemorySegment(SPECIES, x, xo + 6 * ldx, LITTLE);
    FloatVector a7 = fromMemorySegment(SPECIES, x, xo + 7 * ldx, LITTLE);
    FloatVector a8 = fromMemorySegment(SPECIES, x, xo + 8 * ldx, LITTLE);
    FloatVector a9 = fromMemorySegment(SPECIES, x, xo + 9 * ldx, LITTLE);
    FloatVector a10 = fromMemorySegment(SPECIES, x, xo + 10 * ldx, LITTLE);
    FloatVector a11 = fromMemorySegment(SPECIES, x, xo + 11 * ldx, LITTLE);
    FloatVector a12 = fromMemorySegment(SPECIES, x, xo + 12 * ldx, LITTLE);
    FloatVector a13 = fromMemorySegment(SPECIES, x, xo + 13 * ldx, LITTLE);
    FloatVector a14 = fromMemorySegment(SPECIES, x, xo + 14 * ldx, LITTLE);
    FloatVector a15 = fromMemorySegment(SPECIES, x, xo + 15 * ldx, LITTLE);
    FloatVector b0 = a0.rearrange(LOW, a8), b1 = a0.rearrange(HIGH, a8);
    FloatVector b2 = a1.rearrange(LOW, a9), b3 = a1.rearrange(HIGH, a9);
    FloatVector b4 = a2.rearrange(LOW, a10), b5 = a2.rearrange(HIGH, a10);
    FloatVector b6 = a3.rearrange(LOW, a11), b7 = a3.rearrange(HIGH, a11);
    FloatVector b8 = a4.rearrange(LOW, a12), b9 = a4.rearrange(HIGH, a12);
    FloatVector b10 = a5.rearrange(LOW, a13), b11 = a5.rearrange(HIGH, a13);
    FloatVector b12 = a6.rearrange(LOW, a14), b13 = a6.rearrange(HIGH, a14);
    FloatVector b14 = a7.rearrange(LOW, a15), b15 = a7.rearrange(HIGH, a15);
    FloatVector c0 = b0.rearrange(LOW, b8), c1 = b0.rearrange(HIGH, b8);
    FloatVector c2 = b1.rearrange(LOW, b9), c3 = b1.rearrange(HIGH, b9);
    FloatVector c4 = b2.rearrange(LOW, b10), c5 = b2.rearrange(HIGH, b10);
    FloatVector c6 = b3.rearrange(LOW, b11), c7 = b3.rearrange(HIGH, b11);
    FloatVector c8 = b4.rearrange(LOW, b12), c9 = b4.rearrange(HIGH, b12);
    FloatVector c10 = b5.rearrange(LOW, b13), c11 = b5.rearrange(HIGH, b13);
    FloatVector c12 = b6.rearrange(LOW, b14), c13 = b6.rearrange(HIGH, b14);
    FloatVector c14 = b7.rearrange(LOW, b15), c15 = b7.rearrange(HIGH, b15);
    FloatVector d0 = c0.rearrange(LOW, c8), d1 = c0.rearrange(HIGH, c8);
    FloatVector d2 = c1.rearrange(LOW, c9), d3 = c1.rearrange(HIGH, c9);
    FloatVector d4 = c2.rearrange(LOW, c10), d5 = c2.rearrange(HIGH, c10);
    FloatVector d6 = c3.rearrange(LOW, c11), d7 = c3.rearrange(HIGH, c11);
    FloatVector d8 = c4.rearrange(LOW, c12), d9 = c4.rearrange(HIGH, c12);
    FloatVector d10 = c5.rearrange(LOW, c13), d11 = c5.rearrange(HIGH, c13);
    FloatVector d12 = c6.rearrange(LOW, c14), d13 = c6.rearrange(HIGH, c14);
    FloatVector d14 = c7.rearrange(LOW, c15), d15 = c7.rearrange(HIGH, c15);
    FloatVector e0 = d0.rearrange(LOW, d8), e1 = d0.rearrange(HIGH, d8);
    FloatVector e2 = d1.rearrange(LOW, d9), e3 = d1.rearrange(HIGH, d9);
    FloatVector e4 = d2.rearrange(LOW, d10), e5 = d2.rearrange(HIGH, d10);
    FloatVector e6 = d3.rearrange(LOW, d11), e7 = d3.rearrange(HIGH, d11);
    FloatVector e8 = d4.rearrange(LOW, d12), e9 = d4.rearrange(HIGH, d12);
    FloatVector e10 = d5.rearrange(LOW, d13), e11 = d5.rearrange(HIGH, d13);
    FloatVector e12 = d6.rearrange(LOW, d14), e13 = d6.rearrange(HIGH, d14);
    FloatVector e14 = d7.rearrange(LOW, d15), e15 = d7.rearrange(HIGH, d15);
    e0.intoMemorySegment(y, yo, LITTLE);
    e1.intoMemorySegment(y, yo + ldy, LITTLE);
    e2.intoMemorySegment(y, yo + 2 * ldy, LITTLE);
    e3.intoMemorySegment(y, yo + 3 * ldy, LITTLE);
    e4.intoMemorySegment(y, yo + 4 * ldy, LITTLE);
    e5.intoMemorySegment(y, yo + 5 * ldy, LITTLE);
    e6.intoMemorySegment(y, yo + 6 * ldy, LITTLE);
    e7.intoMemorySegment(y, yo + 7 * ldy, LITTLE);
    e8.intoMemorySegment(y, yo + 8 * ldy, LITTLE);
    e9.intoMemorySegment(y, yo + 9 * ldy, LITTLE);
    e10.intoMemorySegment(y, yo + 10 * ldy, LITTLE);
    e11.intoMemorySegment(y, yo + 11 * ldy, LITTLE);
    e12.intoMemorySegment(y, yo + 12 * ldy, LITTLE);
    e13.intoMemorySegment(y, yo + 13 * ldy, LITTLE);
    e14.intoMemorySegment(y, yo + 14 * ldy, LITTLE);
    e15.intoMemorySegment(y, yo + 15 * ldy, LITTLE);
  }
  // @formatter:on
}
