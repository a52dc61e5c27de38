package io.vitj.tensor.kernel;

import static io.vitj.tensor.kernel.Lanes.FLOAT;
import static io.vitj.tensor.kernel.Lanes.LITTLE;
import static io.vitj.tensor.kernel.Lanes.SPECIES;
import static io.vitj.tensor.kernel.Lanes.load;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Register tiles of up to 8 rows × 1 vector, for the last columns of a matrix whose width is no
 * multiple of a panel; otherwise as {@link GemmTile8x3}. B has the rows of a whole panel, ldb apart.
 */
final class GemmTile8x1 {
  private GemmTile8x1() {}

  // @formatter:off
  /** C[rows × 1 vector] = bias + A[rows × depth] · B, all offsets and distances in bytes. */
  static void run(
      MemorySegment a, long a0, long lda, MemorySegment b, long b0, long ldb,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int rows, int depth) {
    switch (rows) {
      case 1 -> rows1(a, a0, b, b0, ldb, bias, w, c, c0, depth);
      case 2 -> rows2(a, a0, lda, b, b0, ldb, bias, w, c, c0, ldc, depth);
      case 3 -> rows3(a, a0, lda, b, b0, ldb, bias, w, c, c0, ldc, depth);
      case 4 -> rows4(a, a0, lda, b, b0, ldb, bias, w, c, c0, ldc, depth);
      case 5 -> rows5(a, a0, lda, b, b0, ldb, bias, w, c, c0, ldc, depth);
      case 6 -> rows6(a, a0, lda, b, b0, ldb, bias, w, c, c0, ldc, depth);
      case 7 -> rows7(a, a0, lda, b, b0, ldb, bias, w, c, c0, ldc, depth);
      case 8 -> rows8(a, a0, lda, b, b0, ldb, bias, w, c, c0, ldc, depth);
      default -> throw new AssertionError(rows);
    }
  }

  private static void rows1(MemorySegment a, long a0, MemorySegment b, long b0, long ldb,
      MemorySegment bias, long w, MemorySegment c, long c0, int depth) {
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w);
    FloatVector s00 = w0;
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * ldb, t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00);
    }
    s00.intoMemorySegment(c, c0, LITTLE);
  }

  private static void rows2(MemorySegment a, long a0, long lda, MemorySegment b, long b0, long ldb,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int depth) {
    long a1 = a0 + lda, c1 = c0 + ldc;
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w);
    FloatVector s00 = w0;
    FloatVector s10 = w0;
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * ldb, t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(v0, s10);
    }
    s00.intoMemorySegment(c, c0, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE);
  }

  private static void rows3(MemorySegment a, long a0, long lda, MemorySegment b, long b0, long ldb,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int depth) {
    long a1 = a0 + lda, c1 = c0 + ldc;
    long a2 = a1 + lda, c2 = c1 + ldc;
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w);
    FloatVector s00 = w0;
    FloatVector s10 = w0;
    FloatVector s20 = w0;
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * ldb, t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(v0, s10);
      FloatVector e2 = broadcast(SPECIES, a.get(FLOAT, a2 + t)); s20 = e2.fma(v0, s20);
    }
    s00.intoMemorySegment(c, c0, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE);
    s20.intoMemorySegment(c, c2, LITTLE);
  }

  private static void rows4(MemorySegment a, long a0, long lda, MemorySegment b, long b0, long ldb,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int depth) {
    long a1 = a0 + lda, c1 = c0 + ldc;
    long a2 = a1 + lda, c2 = c1 + ldc;
    long a3 = a2 + lda, c3 = c2 + ldc;
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w);
    FloatVector s00 = w0;
    FloatVector s10 = w0;
    FloatVector s20 = w0;
    FloatVector s30 = w0;
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * ldb, t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(v0, s10);
      FloatVector e2 = broadcast(SPECIES, a.get(FLOAT, a2 + t)); s20 = e2.fma(v0, s20);
      FloatVector e3 = broadcast(SPECIES, a.get(FLOAT, a3 + t)); s30 = e3.fma(v0, s30);
    }
    s00.intoMemorySegment(c, c0, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE);
    s20.intoMemorySegment(c, c2, LITTLE);
    s30.intoMemorySegment(c, c3, LITTLE);
  }

  private static void rows5(MemorySegment a, long a0, long lda, MemorySegment b, long b0, long ldb,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int depth) {
    long a1 = a0 + lda, c1 = c0 + ldc;
    long a2 = a1 + lda, c2 = c1 + ldc;
    long a3 = a2 + lda, c3 = c2 + ldc;
    long a4 = a3 + lda, c4 = c3 + ldc;
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w);
    FloatVector s00 = w0;
    FloatVector s10 = w0;
    FloatVector s20 = w0;
    FloatVector s30 = w0;
    FloatVector s40 = w0;
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * ldb, t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(v0, s10);
      FloatVector e2 = broadcast(SPECIES, a.get(FLOAT, a2 + t)); s20 = e2.fma(v0, s20);
      FloatVector e3 = broadcast(SPECIES, a.get(FLOAT, a3 + t)); s30 = e3.fma(v0, s30);
      FloatVector e4 = broadcast(SPECIES, a.get(FLOAT, a4 + t)); s40 = e4.fma(v0, s40);
    }
    s00.intoMemorySegment(c, c0, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE);
    s20.intoMemorySegment(c, c2, LITTLE);
    s30.intoMemorySegment(c, c3, LITTLE);
    s40.intoMemorySegment(c, c4, LITTLE);
  }

  private static void rows6(MemorySegment a, long a0, long lda, MemorySegment b, long b0, long ldb,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int depth) {
    long a1 = a0 + lda, c1 = c0 + ldc;
    long a2 = a1 + lda, c2 = c1 + ldc;
    long a3 = a2 + lda, c3 = c2 + ldc;
    long a4 = a3 + lda, c4 = c3 + ldc;
    long a5 = a4 + lda, c5 = c4 + ldc;
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w);
    FloatVector s00 = w0;
    FloatVector s10 = w0;
    FloatVector s20 = w0;
    FloatVector s30 = w0;
    FloatVector s40 = w0;
    FloatVector s50 = w0;
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * ldb, t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(v0, s10);
      FloatVector e2 = broadcast(SPECIES, a.get(FLOAT, a2 + t)); s20 = e2.fma(v0, s20);
      FloatVector e3 = broadcast(SPECIES, a.get(FLOAT, a3 + t)); s30 = e3.fma(v0, s30);
      FloatVector e4 = broadcast(SPECIES, a.get(FLOAT, a4 + t)); s40 = e4.fma(v0, s40);
      FloatVector e5 = broadcast(SPECIES, a.get(FLOAT, a5 + t)); s50 = e5.fma(v0, s50);
    }
    s00.intoMemorySegment(c, c0, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE);
    s20.intoMemorySegment(c, c2, LITTLE);
    s30.intoMemorySegment(c, c3, LITTLE);
    s40.intoMemorySegment(c, c4, LITTLE);
    s50.intoMemorySegment(c, c5, LITTLE);
  }

  private static void rows7(MemorySegment a, long a0, long lda, MemorySegment b, long b0, long ldb,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int depth) {
    long a1 = a0 + lda, c1 = c0 + ldc;
    long a2 = a1 + lda, c2 = c1 + ldc;
    long a3 = a2 + lda, c3 = c2 + ldc;
    long a4 = a3 + lda, c4 = c3 + ldc;
    long a5 = a4 + lda, c5 = c4 + ldc;
    long a6 = a5 + lda, c6 = c5 + ldc;
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w);
    FloatVector s00 = w0;
    FloatVector s10 = w0;
    FloatVector s20 = w0;
    FloatVector s30 = w0;
    FloatVector s40 = w0;
    FloatVector s50 = w0;
    FloatVector s60 = w0;
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * ldb, t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(v0, s10);
      FloatVector e2 = broadcast(SPECIES, a.get(FLOAT, a2 + t)); s20 = e2.fma(v0, s20);
      FloatVector e3 = broadcast(SPECIES, a.get(FLOAT, a3 + t)); s30 = e3.fma(v0, s30);
      FloatVector e4 = broadcast(SPECIES, a.get(FLOAT, a4 + t)); s40 = e4.fma(v0, s40);
      FloatVector e5 = broadcast(SPECIES, a.get(FLOAT, a5 + t)); s50 = e5.fma(v0, s50);
      FloatVector e6 = broadcast(SPECIES, a.get(FLOAT, a6 + t)); s60 = e6.fma(v0, s60);
    }
    s00.intoMemorySegment(c, c0, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE);
    s20.intoMemorySegment(c, c2, LITTLE);
    s30.intoMemorySegment(c, c3, LITTLE);
    s40.intoMemorySegment(c, c4, LITTLE);
    s50.intoMemorySegment(c, c5, LITTLE);
    s60.intoMemorySegment(c, c6, LITTLE);
  }

  private static void rows8(MemorySegment a, long a0, long lda, MemorySegment b, long b0, long ldb,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int depth) {
    long a1 = a0 + lda, c1 = c0 + ldc;
    long a2 = a1 + lda, c2 = c1 + ldc;
    long a3 = a2 + lda, c3 = c2 + ldc;
    long a4 = a3 + lda, c4 = c3 + ldc;
    long a5 = a4 + lda, c5 = c4 + ldc;
    long a6 = a5 + lda, c6 = c5 + ldc;
    long a7 = a6 + lda, c7 = c6 + ldc;
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w);
    FloatVector s00 = w0;
    FloatVector s10 = w0;
    FloatVector s20 = w0;
    FloatVector s30 = w0;
    FloatVector s40 = w0;
    FloatVector s50 = w0;
    FloatVector s60 = w0;
    FloatVector s70 = w0;
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * ldb, t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(v0, s10);
      FloatVector e2 = broadcast(SPECIES, a.get(FLOAT, a2 + t)); s20 = e2.fma(v0, s20);
      FloatVector e3 = broadcast(SPECIES, a.get(FLOAT, a3 + t)); s30 = e3.fma(v0, s30);
      FloatVector e4 = broadcast(SPECIES, a.get(FLOAT, a4 + t)); s40 = e4.fma(v0, s40);
      FloatVector e5 = broadcast(SPECIES, a.get(FLOAT, a5 + t)); s50 = e5.fma(v0, s50);
      FloatVector e6 = broadcast(SPECIES, a.get(FLOAT, a6 + t)); s60 = e6.fma(v0, s60);
      FloatVector e7 = broadcast(SPECIES, a.get(FLOAT, a7 + t)); s70 = e7.fma(v0, s70);
    }
    s00.intoMemorySegment(c, c0, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE);
    s20.intoMemorySegment(c, c2, LITTLE);
    s30.intoMemorySegment(c, c3, LITTLE);
    s40.intoMemorySegment(c, c4, LITTLE);
    s50.intoMemorySegment(c, c5, LITTLE);
    s60.intoMemorySegment(c, c6, LITTLE);
    s70.intoMemorySegment(c, c7, LITTLE);
  }
  // @formatter:on
}
