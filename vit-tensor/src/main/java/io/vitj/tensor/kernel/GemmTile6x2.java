package io.vitj.tensor.kernel;

import static io.vitj.tensor.kernel.Lanes.BYTES;
import static io.vitj.tensor.kernel.Lanes.FLOAT;
import static io.vitj.tensor.kernel.Lanes.LITTLE;
import static io.vitj.tensor.kernel.Lanes.SPECIES;
import static io.vitj.tensor.kernel.Lanes.load;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Register tiles of up to 6 rows × 2 vectors, for 16 vector registers: 12 accumulators, 2 vectors of
 * B and one broadcast element of A; otherwise as {@link GemmTile8x3}.
 */
final class GemmTile6x2 {
  private GemmTile6x2() {}

  // @formatter:off
  /** C[rows × 2 vectors] = bias + A[rows × depth] · B, all offsets and distances in bytes. */
  static void run(
      MemorySegment a, long a0, long lda, MemorySegment b, long b0,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int rows, int depth) {
    switch (rows) {
      case 1 -> rows1(a, a0, b, b0, bias, w, c, c0, depth);
      case 2 -> rows2(a, a0, lda, b, b0, bias, w, c, c0, ldc, depth);
      case 3 -> rows3(a, a0, lda, b, b0, bias, w, c, c0, ldc, depth);
      case 4 -> rows4(a, a0, lda, b, b0, bias, w, c, c0, ldc, depth);
      case 5 -> rows5(a, a0, lda, b, b0, bias, w, c, c0, ldc, depth);
      case 6 -> rows6(a, a0, lda, b, b0, bias, w, c, c0, ldc, depth);
      default -> throw new AssertionError(rows);
    }
  }

  private static void rows1(MemorySegment a, long a0, MemorySegment b, long b0,
      MemorySegment bias, long w, MemorySegment c, long c0, int depth) {
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w), w1 = load(bias, w + BYTES);
    FloatVector s00 = w0, s01 = w1;
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * (2 * BYTES), t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector v1 = fromMemorySegment(SPECIES, b, q + BYTES, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00); s01 = e0.fma(v1, s01);
    }
    s00.intoMemorySegment(c, c0, LITTLE); s01.intoMemorySegment(c, c0 + BYTES, LITTLE);
  }

  private static void rows2(MemorySegment a, long a0, long lda, MemorySegment b, long b0,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int depth) {
    long a1 = a0 + lda, c1 = c0 + ldc;
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w), w1 = load(bias, w + BYTES);
    FloatVector s00 = w0, s01 = w1;
    FloatVector s10 = w0, s11 = w1;
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * (2 * BYTES), t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector v1 = fromMemorySegment(SPECIES, b, q + BYTES, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00); s01 = e0.fma(v1, s01);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(v0, s10); s11 = e1.fma(v1, s11);
    }
    s00.intoMemorySegment(c, c0, LITTLE); s01.intoMemorySegment(c, c0 + BYTES, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE); s11.intoMemorySegment(c, c1 + BYTES, LITTLE);
  }

  private static void rows3(MemorySegment a, long a0, long lda, MemorySegment b, long b0,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int depth) {
    long a1 = a0 + lda, c1 = c0 + ldc;
    long a2 = a1 + lda, c2 = c1 + ldc;
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w), w1 = load(bias, w + BYTES);
    FloatVector s00 = w0, s01 = w1;
    FloatVector s10 = w0, s11 = w1;
    FloatVector s20 = w0, s21 = w1;
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * (2 * BYTES), t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector v1 = fromMemorySegment(SPECIES, b, q + BYTES, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00); s01 = e0.fma(v1, s01);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(v0, s10); s11 = e1.fma(v1, s11);
      FloatVector e2 = broadcast(SPECIES, a.get(FLOAT, a2 + t)); s20 = e2.fma(v0, s20); s21 = e2.fma(v1, s21);
    }
    s00.intoMemorySegment(c, c0, LITTLE); s01.intoMemorySegment(c, c0 + BYTES, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE); s11.intoMemorySegment(c, c1 + BYTES, LITTLE);
    s20.intoMemorySegment(c, c2, LITTLE); s21.intoMemorySegment(c, c2 + BYTES, LITTLE);
  }

  private static void rows4(MemorySegment a, long a0, long lda, MemorySegment b, long b0,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int depth) {
    long a1 = a0 + lda, c1 = c0 + ldc;
    long a2 = a1 + lda, c2 = c1 + ldc;
    long a3 = a2 + lda, c3 = c2 + ldc;
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w), w1 = load(bias, w + BYTES);
    FloatVector s00 = w0, s01 = w1;
    FloatVector s10 = w0, s11 = w1;
    FloatVector s20 = w0, s21 = w1;
    FloatVector s30 = w0, s31 = w1;
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * (2 * BYTES), t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector v1 = fromMemorySegment(SPECIES, b, q + BYTES, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00); s01 = e0.fma(v1, s01);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(v0, s10); s11 = e1.fma(v1, s11);
      FloatVector e2 = broadcast(SPECIES, a.get(FLOAT, a2 + t)); s20 = e2.fma(v0, s20); s21 = e2.fma(v1, s21);
      FloatVector e3 = broadcast(SPECIES, a.get(FLOAT, a3 + t)); s30 = e3.fma(v0, s30); s31 = e3.fma(v1, s31);
    }
    s00.intoMemorySegment(c, c0, LITTLE); s01.intoMemorySegment(c, c0 + BYTES, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE); s11.intoMemorySegment(c, c1 + BYTES, LITTLE);
    s20.intoMemorySegment(c, c2, LITTLE); s21.intoMemorySegment(c, c2 + BYTES, LITTLE);
    s30.intoMemorySegment(c, c3, LITTLE); s31.intoMemorySegment(c, c3 + BYTES, LITTLE);
  }

  private static void rows5(MemorySegment a, long a0, long lda, MemorySegment b, long b0,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int depth) {
    long a1 = a0 + lda, c1 = c0 + ldc;
    long a2 = a1 + lda, c2 = c1 + ldc;
    long a3 = a2 + lda, c3 = c2 + ldc;
    long a4 = a3 + lda, c4 = c3 + ldc;
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w), w1 = load(bias, w + BYTES);
    FloatVector s00 = w0, s01 = w1;
    FloatVector s10 = w0, s11 = w1;
    FloatVector s20 = w0, s21 = w1;
    FloatVector s30 = w0, s31 = w1;
    FloatVector s40 = w0, s41 = w1;
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * (2 * BYTES), t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector v1 = fromMemorySegment(SPECIES, b, q + BYTES, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00); s01 = e0.fma(v1, s01);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(v0, s10); s11 = e1.fma(v1, s11);
      FloatVector e2 = broadcast(SPECIES, a.get(FLOAT, a2 + t)); s20 = e2.fma(v0, s20); s21 = e2.fma(v1, s21);
      FloatVector e3 = broadcast(SPECIES, a.get(FLOAT, a3 + t)); s30 = e3.fma(v0, s30); s31 = e3.fma(v1, s31);
      FloatVector e4 = broadcast(SPECIES, a.get(FLOAT, a4 + t)); s40 = e4.fma(v0, s40); s41 = e4.fma(v1, s41);
    }
    s00.intoMemorySegment(c, c0, LITTLE); s01.intoMemorySegment(c, c0 + BYTES, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE); s11.intoMemorySegment(c, c1 + BYTES, LITTLE);
    s20.intoMemorySegment(c, c2, LITTLE); s21.intoMemorySegment(c, c2 + BYTES, LITTLE);
    s30.intoMemorySegment(c, c3, LITTLE); s31.intoMemorySegment(c, c3 + BYTES, LITTLE);
    s40.intoMemorySegment(c, c4, LITTLE); s41.intoMemorySegment(c, c4 + BYTES, LITTLE);
  }

  private static void rows6(MemorySegment a, long a0, long lda, MemorySegment b, long b0,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int depth) {
    long a1 = a0 + lda, c1 = c0 + ldc;
    long a2 = a1 + lda, c2 = c1 + ldc;
    long a3 = a2 + lda, c3 = c2 + ldc;
    long a4 = a3 + lda, c4 = c3 + ldc;
    long a5 = a4 + lda, c5 = c4 + ldc;
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w), w1 = load(bias, w + BYTES);
    FloatVector s00 = w0, s01 = w1;
    FloatVector s10 = w0, s11 = w1;
    FloatVector s20 = w0, s21 = w1;
    FloatVector s30 = w0, s31 = w1;
    FloatVector s40 = w0, s41 = w1;
    FloatVector s50 = w0, s51 = w1;
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * (2 * BYTES), t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector v1 = fromMemorySegment(SPECIES, b, q + BYTES, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00); s01 = e0.fma(v1, s01);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(v0, s10); s11 = e1.fma(v1, s11);
      FloatVector e2 = broadcast(SPECIES, a.get(FLOAT, a2 + t)); s20 = e2.fma(v0, s20); s21 = e2.fma(v1, s21);
      FloatVector e3 = broadcast(SPECIES, a.get(FLOAT, a3 + t)); s30 = e3.fma(v0, s30); s31 = e3.fma(v1, s31);
      FloatVector e4 = broadcast(SPECIES, a.get(FLOAT, a4 + t)); s40 = e4.fma(v0, s40); s41 = e4.fma(v1, s41);
      FloatVector e5 = broadcast(SPECIES, a.get(FLOAT, a5 + t)); s50 = e5.fma(v0, s50); s51 = e5.fma(v1, s51);
    }
    s00.intoMemorySegment(c, c0, LITTLE); s01.intoMemorySegment(c, c0 + BYTES, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE); s11.intoMemorySegment(c, c1 + BYTES, LITTLE);
    s20.intoMemorySegment(c, c2, LITTLE); s21.intoMemorySegment(c, c2 + BYTES, LITTLE);
    s30.intoMemorySegment(c, c3, LITTLE); s31.intoMemorySegment(c, c3 + BYTES, LITTLE);
    s40.intoMemorySegment(c, c4, LITTLE); s41.intoMemorySegment(c, c4 + BYTES, LITTLE);
    s50.intoMemorySegment(c, c5, LITTLE); s51.intoMemorySegment(c, c5 + BYTES, LITTLE);
  }
  // @formatter:on
}
