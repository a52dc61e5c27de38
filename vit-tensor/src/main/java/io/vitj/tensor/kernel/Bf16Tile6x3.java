package io.vitj.tensor.kernel;

import static io.vitj.tensor.kernel.Lanes.BYTES;
import static io.vitj.tensor.kernel.Lanes.FLOAT;
import static io.vitj.tensor.kernel.Lanes.LITTLE;
import static io.vitj.tensor.kernel.Lanes.SPECIES;
import static io.vitj.tensor.kernel.Lanes.load;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.IntVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles of 5 or 6 rows × 3 vectors whose weights are pairs of bfloat16, widened in
 * registers as they are read, for 32 vector registers: 18 accumulators, 3 vectors of pairs, 3
 * widened ones and one element of A. Per pair of k there are 36 FMAs and 6 shifts and masks, which
 * Zen 5 runs beside them but for 1 to 2 %; the panel is half as long as one of floats, so the
 * caches and the memory deliver it in half the time. Widening a panel into memory first costs 9 %
 * in all.
 *
 * <p>With 7 rows C1 gives up ("out of virtual registers"), and then C2 is never asked. What holds
 * for {@link GemmTile8x3} holds here.
 */
final class Bf16Tile6x3 {
  static final int ROWS = 6;

  private static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);
  private static final int UPPER = 0xffff0000;

  private Bf16Tile6x3() {}

  // @formatter:off
  /** C[rows × 3 vectors] = bias + A[rows × 2 pairs] · B, all offsets and distances in bytes. */
  static void run(
      MemorySegment a, long a0, long lda, MemorySegment b, long b0,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int rows, int pairs) {
    switch (rows) {
      case 5 -> rows5(a, a0, lda, b, b0, bias, w, c, c0, ldc, pairs);
      case 6 -> rows6(a, a0, lda, b, b0, bias, w, c, c0, ldc, pairs);
      default -> throw new AssertionError(rows);
    }
  }

  private static void rows5(MemorySegment a, long a0, long lda, MemorySegment b, long b0,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int pairs) {
    long a1 = a0 + lda, c1 = c0 + ldc;
    long a2 = a1 + lda, c2 = c1 + ldc;
    long a3 = a2 + lda, c3 = c2 + ldc;
    long a4 = a3 + lda, c4 = c3 + ldc;
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w), w1 = load(bias, w + BYTES), w2 = load(bias, w + 2 * BYTES);
    FloatVector s00 = w0, s01 = w1, s02 = w2;
    FloatVector s10 = w0, s11 = w1, s12 = w2;
    FloatVector s20 = w0, s21 = w1, s22 = w2;
    FloatVector s30 = w0, s31 = w1, s32 = w2;
    FloatVector s40 = w0, s41 = w1, s42 = w2;
    for (int p = 0; p < pairs; p++) {
      long q = b0 + p * (3 * BYTES), t = p * 8L;
      IntVector v0 = fromMemorySegment(INTS, b, q, LITTLE);
      IntVector v1 = fromMemorySegment(INTS, b, q + BYTES, LITTLE);
      IntVector v2 = fromMemorySegment(INTS, b, q + 2 * BYTES, LITTLE);
      FloatVector l0 = v0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector l1 = v1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector l2 = v2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(l0, s00); s01 = e0.fma(l1, s01); s02 = e0.fma(l2, s02);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(l0, s10); s11 = e1.fma(l1, s11); s12 = e1.fma(l2, s12);
      FloatVector e2 = broadcast(SPECIES, a.get(FLOAT, a2 + t)); s20 = e2.fma(l0, s20); s21 = e2.fma(l1, s21); s22 = e2.fma(l2, s22);
      FloatVector e3 = broadcast(SPECIES, a.get(FLOAT, a3 + t)); s30 = e3.fma(l0, s30); s31 = e3.fma(l1, s31); s32 = e3.fma(l2, s32);
      FloatVector e4 = broadcast(SPECIES, a.get(FLOAT, a4 + t)); s40 = e4.fma(l0, s40); s41 = e4.fma(l1, s41); s42 = e4.fma(l2, s42);
      FloatVector h0 = v0.and(UPPER).reinterpretAsFloats();
      FloatVector h1 = v1.and(UPPER).reinterpretAsFloats();
      FloatVector h2 = v2.and(UPPER).reinterpretAsFloats();
      FloatVector f0 = broadcast(SPECIES, a.get(FLOAT, a0 + t + 4)); s00 = f0.fma(h0, s00); s01 = f0.fma(h1, s01); s02 = f0.fma(h2, s02);
      FloatVector f1 = broadcast(SPECIES, a.get(FLOAT, a1 + t + 4)); s10 = f1.fma(h0, s10); s11 = f1.fma(h1, s11); s12 = f1.fma(h2, s12);
      FloatVector f2 = broadcast(SPECIES, a.get(FLOAT, a2 + t + 4)); s20 = f2.fma(h0, s20); s21 = f2.fma(h1, s21); s22 = f2.fma(h2, s22);
      FloatVector f3 = broadcast(SPECIES, a.get(FLOAT, a3 + t + 4)); s30 = f3.fma(h0, s30); s31 = f3.fma(h1, s31); s32 = f3.fma(h2, s32);
      FloatVector f4 = broadcast(SPECIES, a.get(FLOAT, a4 + t + 4)); s40 = f4.fma(h0, s40); s41 = f4.fma(h1, s41); s42 = f4.fma(h2, s42);
    }
    s00.intoMemorySegment(c, c0, LITTLE); s01.intoMemorySegment(c, c0 + BYTES, LITTLE); s02.intoMemorySegment(c, c0 + 2 * BYTES, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE); s11.intoMemorySegment(c, c1 + BYTES, LITTLE); s12.intoMemorySegment(c, c1 + 2 * BYTES, LITTLE);
    s20.intoMemorySegment(c, c2, LITTLE); s21.intoMemorySegment(c, c2 + BYTES, LITTLE); s22.intoMemorySegment(c, c2 + 2 * BYTES, LITTLE);
    s30.intoMemorySegment(c, c3, LITTLE); s31.intoMemorySegment(c, c3 + BYTES, LITTLE); s32.intoMemorySegment(c, c3 + 2 * BYTES, LITTLE);
    s40.intoMemorySegment(c, c4, LITTLE); s41.intoMemorySegment(c, c4 + BYTES, LITTLE); s42.intoMemorySegment(c, c4 + 2 * BYTES, LITTLE);
  }

  private static void rows6(MemorySegment a, long a0, long lda, MemorySegment b, long b0,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int pairs) {
    long a1 = a0 + lda, c1 = c0 + ldc;
    long a2 = a1 + lda, c2 = c1 + ldc;
    long a3 = a2 + lda, c3 = c2 + ldc;
    long a4 = a3 + lda, c4 = c3 + ldc;
    long a5 = a4 + lda, c5 = c4 + ldc;
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w), w1 = load(bias, w + BYTES), w2 = load(bias, w + 2 * BYTES);
    FloatVector s00 = w0, s01 = w1, s02 = w2;
    FloatVector s10 = w0, s11 = w1, s12 = w2;
    FloatVector s20 = w0, s21 = w1, s22 = w2;
    FloatVector s30 = w0, s31 = w1, s32 = w2;
    FloatVector s40 = w0, s41 = w1, s42 = w2;
    FloatVector s50 = w0, s51 = w1, s52 = w2;
    for (int p = 0; p < pairs; p++) {
      long q = b0 + p * (3 * BYTES), t = p * 8L;
      IntVector v0 = fromMemorySegment(INTS, b, q, LITTLE);
      IntVector v1 = fromMemorySegment(INTS, b, q + BYTES, LITTLE);
      IntVector v2 = fromMemorySegment(INTS, b, q + 2 * BYTES, LITTLE);
      FloatVector l0 = v0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector l1 = v1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector l2 = v2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(l0, s00); s01 = e0.fma(l1, s01); s02 = e0.fma(l2, s02);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(l0, s10); s11 = e1.fma(l1, s11); s12 = e1.fma(l2, s12);
      FloatVector e2 = broadcast(SPECIES, a.get(FLOAT, a2 + t)); s20 = e2.fma(l0, s20); s21 = e2.fma(l1, s21); s22 = e2.fma(l2, s22);
      FloatVector e3 = broadcast(SPECIES, a.get(FLOAT, a3 + t)); s30 = e3.fma(l0, s30); s31 = e3.fma(l1, s31); s32 = e3.fma(l2, s32);
      FloatVector e4 = broadcast(SPECIES, a.get(FLOAT, a4 + t)); s40 = e4.fma(l0, s40); s41 = e4.fma(l1, s41); s42 = e4.fma(l2, s42);
      FloatVector e5 = broadcast(SPECIES, a.get(FLOAT, a5 + t)); s50 = e5.fma(l0, s50); s51 = e5.fma(l1, s51); s52 = e5.fma(l2, s52);
      FloatVector h0 = v0.and(UPPER).reinterpretAsFloats();
      FloatVector h1 = v1.and(UPPER).reinterpretAsFloats();
      FloatVector h2 = v2.and(UPPER).reinterpretAsFloats();
      FloatVector f0 = broadcast(SPECIES, a.get(FLOAT, a0 + t + 4)); s00 = f0.fma(h0, s00); s01 = f0.fma(h1, s01); s02 = f0.fma(h2, s02);
      FloatVector f1 = broadcast(SPECIES, a.get(FLOAT, a1 + t + 4)); s10 = f1.fma(h0, s10); s11 = f1.fma(h1, s11); s12 = f1.fma(h2, s12);
      FloatVector f2 = broadcast(SPECIES, a.get(FLOAT, a2 + t + 4)); s20 = f2.fma(h0, s20); s21 = f2.fma(h1, s21); s22 = f2.fma(h2, s22);
      FloatVector f3 = broadcast(SPECIES, a.get(FLOAT, a3 + t + 4)); s30 = f3.fma(h0, s30); s31 = f3.fma(h1, s31); s32 = f3.fma(h2, s32);
      FloatVector f4 = broadcast(SPECIES, a.get(FLOAT, a4 + t + 4)); s40 = f4.fma(h0, s40); s41 = f4.fma(h1, s41); s42 = f4.fma(h2, s42);
      FloatVector f5 = broadcast(SPECIES, a.get(FLOAT, a5 + t + 4)); s50 = f5.fma(h0, s50); s51 = f5.fma(h1, s51); s52 = f5.fma(h2, s52);
    }
    s00.intoMemorySegment(c, c0, LITTLE); s01.intoMemorySegment(c, c0 + BYTES, LITTLE); s02.intoMemorySegment(c, c0 + 2 * BYTES, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE); s11.intoMemorySegment(c, c1 + BYTES, LITTLE); s12.intoMemorySegment(c, c1 + 2 * BYTES, LITTLE);
    s20.intoMemorySegment(c, c2, LITTLE); s21.intoMemorySegment(c, c2 + BYTES, LITTLE); s22.intoMemorySegment(c, c2 + 2 * BYTES, LITTLE);
    s30.intoMemorySegment(c, c3, LITTLE); s31.intoMemorySegment(c, c3 + BYTES, LITTLE); s32.intoMemorySegment(c, c3 + 2 * BYTES, LITTLE);
    s40.intoMemorySegment(c, c4, LITTLE); s41.intoMemorySegment(c, c4 + BYTES, LITTLE); s42.intoMemorySegment(c, c4 + 2 * BYTES, LITTLE);
    s50.intoMemorySegment(c, c5, LITTLE); s51.intoMemorySegment(c, c5 + BYTES, LITTLE); s52.intoMemorySegment(c, c5 + 2 * BYTES, LITTLE);
  }
}
