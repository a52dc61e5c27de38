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
 * Register tiles of up to 8 rows × 3 vectors, for 32 vector registers: 24 accumulators, 3 vectors of
 * B and one broadcast element of A. Every row count has a method of its own, because an accumulator
 * must be a local variable: an array of vectors, or a vector passed to a call that is not inlined,
 * lives on the heap. For the same reason the loop and what follows it call the JDK's methods
 * directly: C2 stops inlining ordinary methods in a graph of this size (NodeCountInliningCutoff),
 * but never those the JDK marks.
 */
final class GemmTile8x3 {
  private GemmTile8x3() {}

  // @formatter:off
  /** C[rows × 3 vectors] = bias + A[rows × depth] · B, all offsets and distances in bytes. */
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
      case 7 -> rows7(a, a0, lda, b, b0, bias, w, c, c0, ldc, depth);
      case 8 -> rows8(a, a0, lda, b, b0, bias, w, c, c0, ldc, depth);
      default -> throw new AssertionError(rows);
    }
  }

  private static void rows1(MemorySegment a, long a0, MemorySegment b, long b0,
      MemorySegment bias, long w, MemorySegment c, long c0, int depth) {
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w), w1 = load(bias, w + BYTES), w2 = load(bias, w + 2 * BYTES);
    FloatVector s00 = w0, s01 = w1, s02 = w2;
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * (3 * BYTES), t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector v1 = fromMemorySegment(SPECIES, b, q + BYTES, LITTLE);
      FloatVector v2 = fromMemorySegment(SPECIES, b, q + 2 * BYTES, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00); s01 = e0.fma(v1, s01); s02 = e0.fma(v2, s02);
    }
    s00.intoMemorySegment(c, c0, LITTLE); s01.intoMemorySegment(c, c0 + BYTES, LITTLE); s02.intoMemorySegment(c, c0 + 2 * BYTES, LITTLE);
  }

  private static void rows2(MemorySegment a, long a0, long lda, MemorySegment b, long b0,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int depth) {
    long a1 = a0 + lda, c1 = c0 + ldc;
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w), w1 = load(bias, w + BYTES), w2 = load(bias, w + 2 * BYTES);
    FloatVector s00 = w0, s01 = w1, s02 = w2;
    FloatVector s10 = w0, s11 = w1, s12 = w2;
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * (3 * BYTES), t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector v1 = fromMemorySegment(SPECIES, b, q + BYTES, LITTLE);
      FloatVector v2 = fromMemorySegment(SPECIES, b, q + 2 * BYTES, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00); s01 = e0.fma(v1, s01); s02 = e0.fma(v2, s02);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(v0, s10); s11 = e1.fma(v1, s11); s12 = e1.fma(v2, s12);
    }
    s00.intoMemorySegment(c, c0, LITTLE); s01.intoMemorySegment(c, c0 + BYTES, LITTLE); s02.intoMemorySegment(c, c0 + 2 * BYTES, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE); s11.intoMemorySegment(c, c1 + BYTES, LITTLE); s12.intoMemorySegment(c, c1 + 2 * BYTES, LITTLE);
  }

  private static void rows3(MemorySegment a, long a0, long lda, MemorySegment b, long b0,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int depth) {
    long a1 = a0 + lda, c1 = c0 + ldc;
    long a2 = a1 + lda, c2 = c1 + ldc;
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w), w1 = load(bias, w + BYTES), w2 = load(bias, w + 2 * BYTES);
    FloatVector s00 = w0, s01 = w1, s02 = w2;
    FloatVector s10 = w0, s11 = w1, s12 = w2;
    FloatVector s20 = w0, s21 = w1, s22 = w2;
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * (3 * BYTES), t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector v1 = fromMemorySegment(SPECIES, b, q + BYTES, LITTLE);
      FloatVector v2 = fromMemorySegment(SPECIES, b, q + 2 * BYTES, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00); s01 = e0.fma(v1, s01); s02 = e0.fma(v2, s02);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(v0, s10); s11 = e1.fma(v1, s11); s12 = e1.fma(v2, s12);
      FloatVector e2 = broadcast(SPECIES, a.get(FLOAT, a2 + t)); s20 = e2.fma(v0, s20); s21 = e2.fma(v1, s21); s22 = e2.fma(v2, s22);
    }
    s00.intoMemorySegment(c, c0, LITTLE); s01.intoMemorySegment(c, c0 + BYTES, LITTLE); s02.intoMemorySegment(c, c0 + 2 * BYTES, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE); s11.intoMemorySegment(c, c1 + BYTES, LITTLE); s12.intoMemorySegment(c, c1 + 2 * BYTES, LITTLE);
    s20.intoMemorySegment(c, c2, LITTLE); s21.intoMemorySegment(c, c2 + BYTES, LITTLE); s22.intoMemorySegment(c, c2 + 2 * BYTES, LITTLE);
  }

  private static void rows4(MemorySegment a, long a0, long lda, MemorySegment b, long b0,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int depth) {
    long a1 = a0 + lda, c1 = c0 + ldc;
    long a2 = a1 + lda, c2 = c1 + ldc;
    long a3 = a2 + lda, c3 = c2 + ldc;
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w), w1 = load(bias, w + BYTES), w2 = load(bias, w + 2 * BYTES);
    FloatVector s00 = w0, s01 = w1, s02 = w2;
    FloatVector s10 = w0, s11 = w1, s12 = w2;
    FloatVector s20 = w0, s21 = w1, s22 = w2;
    FloatVector s30 = w0, s31 = w1, s32 = w2;
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * (3 * BYTES), t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector v1 = fromMemorySegment(SPECIES, b, q + BYTES, LITTLE);
      FloatVector v2 = fromMemorySegment(SPECIES, b, q + 2 * BYTES, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00); s01 = e0.fma(v1, s01); s02 = e0.fma(v2, s02);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(v0, s10); s11 = e1.fma(v1, s11); s12 = e1.fma(v2, s12);
      FloatVector e2 = broadcast(SPECIES, a.get(FLOAT, a2 + t)); s20 = e2.fma(v0, s20); s21 = e2.fma(v1, s21); s22 = e2.fma(v2, s22);
      FloatVector e3 = broadcast(SPECIES, a.get(FLOAT, a3 + t)); s30 = e3.fma(v0, s30); s31 = e3.fma(v1, s31); s32 = e3.fma(v2, s32);
    }
    s00.intoMemorySegment(c, c0, LITTLE); s01.intoMemorySegment(c, c0 + BYTES, LITTLE); s02.intoMemorySegment(c, c0 + 2 * BYTES, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE); s11.intoMemorySegment(c, c1 + BYTES, LITTLE); s12.intoMemorySegment(c, c1 + 2 * BYTES, LITTLE);
    s20.intoMemorySegment(c, c2, LITTLE); s21.intoMemorySegment(c, c2 + BYTES, LITTLE); s22.intoMemorySegment(c, c2 + 2 * BYTES, LITTLE);
    s30.intoMemorySegment(c, c3, LITTLE); s31.intoMemorySegment(c, c3 + BYTES, LITTLE); s32.intoMemorySegment(c, c3 + 2 * BYTES, LITTLE);
  }

  private static void rows5(MemorySegment a, long a0, long lda, MemorySegment b, long b0,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int depth) {
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
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * (3 * BYTES), t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector v1 = fromMemorySegment(SPECIES, b, q + BYTES, LITTLE);
      FloatVector v2 = fromMemorySegment(SPECIES, b, q + 2 * BYTES, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00); s01 = e0.fma(v1, s01); s02 = e0.fma(v2, s02);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(v0, s10); s11 = e1.fma(v1, s11); s12 = e1.fma(v2, s12);
      FloatVector e2 = broadcast(SPECIES, a.get(FLOAT, a2 + t)); s20 = e2.fma(v0, s20); s21 = e2.fma(v1, s21); s22 = e2.fma(v2, s22);
      FloatVector e3 = broadcast(SPECIES, a.get(FLOAT, a3 + t)); s30 = e3.fma(v0, s30); s31 = e3.fma(v1, s31); s32 = e3.fma(v2, s32);
      FloatVector e4 = broadcast(SPECIES, a.get(FLOAT, a4 + t)); s40 = e4.fma(v0, s40); s41 = e4.fma(v1, s41); s42 = e4.fma(v2, s42);
    }
    s00.intoMemorySegment(c, c0, LITTLE); s01.intoMemorySegment(c, c0 + BYTES, LITTLE); s02.intoMemorySegment(c, c0 + 2 * BYTES, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE); s11.intoMemorySegment(c, c1 + BYTES, LITTLE); s12.intoMemorySegment(c, c1 + 2 * BYTES, LITTLE);
    s20.intoMemorySegment(c, c2, LITTLE); s21.intoMemorySegment(c, c2 + BYTES, LITTLE); s22.intoMemorySegment(c, c2 + 2 * BYTES, LITTLE);
    s30.intoMemorySegment(c, c3, LITTLE); s31.intoMemorySegment(c, c3 + BYTES, LITTLE); s32.intoMemorySegment(c, c3 + 2 * BYTES, LITTLE);
    s40.intoMemorySegment(c, c4, LITTLE); s41.intoMemorySegment(c, c4 + BYTES, LITTLE); s42.intoMemorySegment(c, c4 + 2 * BYTES, LITTLE);
  }

  private static void rows6(MemorySegment a, long a0, long lda, MemorySegment b, long b0,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int depth) {
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
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * (3 * BYTES), t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector v1 = fromMemorySegment(SPECIES, b, q + BYTES, LITTLE);
      FloatVector v2 = fromMemorySegment(SPECIES, b, q + 2 * BYTES, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00); s01 = e0.fma(v1, s01); s02 = e0.fma(v2, s02);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(v0, s10); s11 = e1.fma(v1, s11); s12 = e1.fma(v2, s12);
      FloatVector e2 = broadcast(SPECIES, a.get(FLOAT, a2 + t)); s20 = e2.fma(v0, s20); s21 = e2.fma(v1, s21); s22 = e2.fma(v2, s22);
      FloatVector e3 = broadcast(SPECIES, a.get(FLOAT, a3 + t)); s30 = e3.fma(v0, s30); s31 = e3.fma(v1, s31); s32 = e3.fma(v2, s32);
      FloatVector e4 = broadcast(SPECIES, a.get(FLOAT, a4 + t)); s40 = e4.fma(v0, s40); s41 = e4.fma(v1, s41); s42 = e4.fma(v2, s42);
      FloatVector e5 = broadcast(SPECIES, a.get(FLOAT, a5 + t)); s50 = e5.fma(v0, s50); s51 = e5.fma(v1, s51); s52 = e5.fma(v2, s52);
    }
    s00.intoMemorySegment(c, c0, LITTLE); s01.intoMemorySegment(c, c0 + BYTES, LITTLE); s02.intoMemorySegment(c, c0 + 2 * BYTES, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE); s11.intoMemorySegment(c, c1 + BYTES, LITTLE); s12.intoMemorySegment(c, c1 + 2 * BYTES, LITTLE);
    s20.intoMemorySegment(c, c2, LITTLE); s21.intoMemorySegment(c, c2 + BYTES, LITTLE); s22.intoMemorySegment(c, c2 + 2 * BYTES, LITTLE);
    s30.intoMemorySegment(c, c3, LITTLE); s31.intoMemorySegment(c, c3 + BYTES, LITTLE); s32.intoMemorySegment(c, c3 + 2 * BYTES, LITTLE);
    s40.intoMemorySegment(c, c4, LITTLE); s41.intoMemorySegment(c, c4 + BYTES, LITTLE); s42.intoMemorySegment(c, c4 + 2 * BYTES, LITTLE);
    s50.intoMemorySegment(c, c5, LITTLE); s51.intoMemorySegment(c, c5 + BYTES, LITTLE); s52.intoMemorySegment(c, c5 + 2 * BYTES, LITTLE);
  }

  private static void rows7(MemorySegment a, long a0, long lda, MemorySegment b, long b0,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int depth) {
    long a1 = a0 + lda, c1 = c0 + ldc;
    long a2 = a1 + lda, c2 = c1 + ldc;
    long a3 = a2 + lda, c3 = c2 + ldc;
    long a4 = a3 + lda, c4 = c3 + ldc;
    long a5 = a4 + lda, c5 = c4 + ldc;
    long a6 = a5 + lda, c6 = c5 + ldc;
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w), w1 = load(bias, w + BYTES), w2 = load(bias, w + 2 * BYTES);
    FloatVector s00 = w0, s01 = w1, s02 = w2;
    FloatVector s10 = w0, s11 = w1, s12 = w2;
    FloatVector s20 = w0, s21 = w1, s22 = w2;
    FloatVector s30 = w0, s31 = w1, s32 = w2;
    FloatVector s40 = w0, s41 = w1, s42 = w2;
    FloatVector s50 = w0, s51 = w1, s52 = w2;
    FloatVector s60 = w0, s61 = w1, s62 = w2;
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * (3 * BYTES), t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector v1 = fromMemorySegment(SPECIES, b, q + BYTES, LITTLE);
      FloatVector v2 = fromMemorySegment(SPECIES, b, q + 2 * BYTES, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00); s01 = e0.fma(v1, s01); s02 = e0.fma(v2, s02);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(v0, s10); s11 = e1.fma(v1, s11); s12 = e1.fma(v2, s12);
      FloatVector e2 = broadcast(SPECIES, a.get(FLOAT, a2 + t)); s20 = e2.fma(v0, s20); s21 = e2.fma(v1, s21); s22 = e2.fma(v2, s22);
      FloatVector e3 = broadcast(SPECIES, a.get(FLOAT, a3 + t)); s30 = e3.fma(v0, s30); s31 = e3.fma(v1, s31); s32 = e3.fma(v2, s32);
      FloatVector e4 = broadcast(SPECIES, a.get(FLOAT, a4 + t)); s40 = e4.fma(v0, s40); s41 = e4.fma(v1, s41); s42 = e4.fma(v2, s42);
      FloatVector e5 = broadcast(SPECIES, a.get(FLOAT, a5 + t)); s50 = e5.fma(v0, s50); s51 = e5.fma(v1, s51); s52 = e5.fma(v2, s52);
      FloatVector e6 = broadcast(SPECIES, a.get(FLOAT, a6 + t)); s60 = e6.fma(v0, s60); s61 = e6.fma(v1, s61); s62 = e6.fma(v2, s62);
    }
    s00.intoMemorySegment(c, c0, LITTLE); s01.intoMemorySegment(c, c0 + BYTES, LITTLE); s02.intoMemorySegment(c, c0 + 2 * BYTES, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE); s11.intoMemorySegment(c, c1 + BYTES, LITTLE); s12.intoMemorySegment(c, c1 + 2 * BYTES, LITTLE);
    s20.intoMemorySegment(c, c2, LITTLE); s21.intoMemorySegment(c, c2 + BYTES, LITTLE); s22.intoMemorySegment(c, c2 + 2 * BYTES, LITTLE);
    s30.intoMemorySegment(c, c3, LITTLE); s31.intoMemorySegment(c, c3 + BYTES, LITTLE); s32.intoMemorySegment(c, c3 + 2 * BYTES, LITTLE);
    s40.intoMemorySegment(c, c4, LITTLE); s41.intoMemorySegment(c, c4 + BYTES, LITTLE); s42.intoMemorySegment(c, c4 + 2 * BYTES, LITTLE);
    s50.intoMemorySegment(c, c5, LITTLE); s51.intoMemorySegment(c, c5 + BYTES, LITTLE); s52.intoMemorySegment(c, c5 + 2 * BYTES, LITTLE);
    s60.intoMemorySegment(c, c6, LITTLE); s61.intoMemorySegment(c, c6 + BYTES, LITTLE); s62.intoMemorySegment(c, c6 + 2 * BYTES, LITTLE);
  }

  private static void rows8(MemorySegment a, long a0, long lda, MemorySegment b, long b0,
      MemorySegment bias, long w, MemorySegment c, long c0, long ldc, int depth) {
    long a1 = a0 + lda, c1 = c0 + ldc;
    long a2 = a1 + lda, c2 = c1 + ldc;
    long a3 = a2 + lda, c3 = c2 + ldc;
    long a4 = a3 + lda, c4 = c3 + ldc;
    long a5 = a4 + lda, c5 = c4 + ldc;
    long a6 = a5 + lda, c6 = c5 + ldc;
    long a7 = a6 + lda, c7 = c6 + ldc;
    Lanes.settle(a.isNative() && b.isNative() && c.isNative() && bias.isNative());
    FloatVector w0 = load(bias, w), w1 = load(bias, w + BYTES), w2 = load(bias, w + 2 * BYTES);
    FloatVector s00 = w0, s01 = w1, s02 = w2;
    FloatVector s10 = w0, s11 = w1, s12 = w2;
    FloatVector s20 = w0, s21 = w1, s22 = w2;
    FloatVector s30 = w0, s31 = w1, s32 = w2;
    FloatVector s40 = w0, s41 = w1, s42 = w2;
    FloatVector s50 = w0, s51 = w1, s52 = w2;
    FloatVector s60 = w0, s61 = w1, s62 = w2;
    FloatVector s70 = w0, s71 = w1, s72 = w2;
    for (int p = 0; p < depth; p++) {
      long q = b0 + p * (3 * BYTES), t = p * 4L;
      FloatVector v0 = fromMemorySegment(SPECIES, b, q, LITTLE);
      FloatVector v1 = fromMemorySegment(SPECIES, b, q + BYTES, LITTLE);
      FloatVector v2 = fromMemorySegment(SPECIES, b, q + 2 * BYTES, LITTLE);
      FloatVector e0 = broadcast(SPECIES, a.get(FLOAT, a0 + t)); s00 = e0.fma(v0, s00); s01 = e0.fma(v1, s01); s02 = e0.fma(v2, s02);
      FloatVector e1 = broadcast(SPECIES, a.get(FLOAT, a1 + t)); s10 = e1.fma(v0, s10); s11 = e1.fma(v1, s11); s12 = e1.fma(v2, s12);
      FloatVector e2 = broadcast(SPECIES, a.get(FLOAT, a2 + t)); s20 = e2.fma(v0, s20); s21 = e2.fma(v1, s21); s22 = e2.fma(v2, s22);
      FloatVector e3 = broadcast(SPECIES, a.get(FLOAT, a3 + t)); s30 = e3.fma(v0, s30); s31 = e3.fma(v1, s31); s32 = e3.fma(v2, s32);
      FloatVector e4 = broadcast(SPECIES, a.get(FLOAT, a4 + t)); s40 = e4.fma(v0, s40); s41 = e4.fma(v1, s41); s42 = e4.fma(v2, s42);
      FloatVector e5 = broadcast(SPECIES, a.get(FLOAT, a5 + t)); s50 = e5.fma(v0, s50); s51 = e5.fma(v1, s51); s52 = e5.fma(v2, s52);
      FloatVector e6 = broadcast(SPECIES, a.get(FLOAT, a6 + t)); s60 = e6.fma(v0, s60); s61 = e6.fma(v1, s61); s62 = e6.fma(v2, s62);
      FloatVector e7 = broadcast(SPECIES, a.get(FLOAT, a7 + t)); s70 = e7.fma(v0, s70); s71 = e7.fma(v1, s71); s72 = e7.fma(v2, s72);
    }
    s00.intoMemorySegment(c, c0, LITTLE); s01.intoMemorySegment(c, c0 + BYTES, LITTLE); s02.intoMemorySegment(c, c0 + 2 * BYTES, LITTLE);
    s10.intoMemorySegment(c, c1, LITTLE); s11.intoMemorySegment(c, c1 + BYTES, LITTLE); s12.intoMemorySegment(c, c1 + 2 * BYTES, LITTLE);
    s20.intoMemorySegment(c, c2, LITTLE); s21.intoMemorySegment(c, c2 + BYTES, LITTLE); s22.intoMemorySegment(c, c2 + 2 * BYTES, LITTLE);
    s30.intoMemorySegment(c, c3, LITTLE); s31.intoMemorySegment(c, c3 + BYTES, LITTLE); s32.intoMemorySegment(c, c3 + 2 * BYTES, LITTLE);
    s40.intoMemorySegment(c, c4, LITTLE); s41.intoMemorySegment(c, c4 + BYTES, LITTLE); s42.intoMemorySegment(c, c4 + 2 * BYTES, LITTLE);
    s50.intoMemorySegment(c, c5, LITTLE); s51.intoMemorySegment(c, c5 + BYTES, LITTLE); s52.intoMemorySegment(c, c5 + 2 * BYTES, LITTLE);
    s60.intoMemorySegment(c, c6, LITTLE); s61.intoMemorySegment(c, c6 + BYTES, LITTLE); s62.intoMemorySegment(c, c6 + 2 * BYTES, LITTLE);
    s70.intoMemorySegment(c, c7, LITTLE); s71.intoMemorySegment(c, c7 + BYTES, LITTLE); s72.intoMemorySegment(c, c7 + 2 * BYTES, LITTLE);
  }
  // @formatter:on
}
