package io.vitj.tensor.kernel;

import static io.vitj.tensor.kernel.Lanes.LITTLE;
import static io.vitj.tensor.kernel.Lanes.broadcast;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Layer norm and softmax of one row. Offsets in bytes, n in floats. Sums run in lane order: one
 * accumulator per lane, added up at the end; the masked rest of a row, in a method of its own (see
 * {@link VectorMath}), comes last.
 */
final class RowKernels {
  private RowKernels() {}

  static void layerNorm(
      MemorySegment x,
      long xo,
      MemorySegment gamma,
      long go,
      MemorySegment beta,
      long bo,
      float epsilon,
      MemorySegment y,
      long yo,
      int n) {
    float mean = sum(x, xo, n) / n;
    float variance = squares(x, xo, mean, n) / n;
    float inverse = (float) (1 / Math.sqrt(variance + epsilon));
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      long at = i * 4L;
      FloatVector normal = Lanes.load(x, xo + at).sub(mean).mul(inverse);
      normal
          .fma(Lanes.load(gamma, go + at), Lanes.load(beta, bo + at))
          .intoMemorySegment(y, yo + at, LITTLE);
    }
    if (bound < n) {
      VectorMask<Float> tail = Lanes.tail(n);
      long at = bound * 4L;
      FloatVector normal = Lanes.load(x, xo + at, tail).sub(mean).mul(inverse);
      FloatVector g = Lanes.load(gamma, go + at, tail);
      normal.fma(g, Lanes.load(beta, bo + at, tail)).intoMemorySegment(y, yo + at, LITTLE, tail);
    }
  }

  private static float sum(MemorySegment x, long xo, int n) {
    FloatVector sum = broadcast(0f);
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      sum = sum.add(Lanes.load(x, xo + i * 4L));
    }
    float total = Lanes.sum(sum);
    return bound < n ? total + sumTail(x, xo + bound * 4L, Lanes.tail(n)) : total;
  }

  private static float sumTail(MemorySegment x, long at, VectorMask<Float> tail) {
    return Lanes.sum(Lanes.load(x, at, tail));
  }

  private static float squares(MemorySegment x, long xo, float mean, int n) {
    FloatVector sum = broadcast(0f);
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      FloatVector centred = Lanes.load(x, xo + i * 4L).sub(mean);
      sum = centred.fma(centred, sum);
    }
    float total = Lanes.sum(sum);
    return bound < n ? total + squaresTail(x, xo + bound * 4L, mean, Lanes.tail(n)) : total;
  }

  private static float squaresTail(MemorySegment x, long at, float mean, VectorMask<Float> tail) {
    FloatVector centred = Lanes.load(x, at, tail).sub(mean);
    return Lanes.sum(centred.mul(centred), tail);
  }

  static void softmax(MemorySegment x, long xo, float scale, int n) {
    float max = max(x, xo, n);
    float sum = exponentials(x, xo, max, scale, n);
    ElementwiseKernels.scale(x, xo, 1 / sum, x, xo, n);
  }

  /** x = exp(scale · (x − max)) in place; returns the sum. */
  private static float exponentials(MemorySegment x, long xo, float max, float scale, int n) {
    FloatVector sum = broadcast(0f);
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      long at = xo + i * 4L;
      FloatVector exp = VectorMath.exp(Lanes.load(x, at).sub(max).mul(scale));
      exp.intoMemorySegment(x, at, LITTLE);
      sum = sum.add(exp);
    }
    float total = Lanes.sum(sum);
    return bound < n
        ? total + exponentialsTail(x, xo + bound * 4L, max, scale, Lanes.tail(n))
        : total;
  }

  private static float exponentialsTail(
      MemorySegment x, long at, float max, float scale, VectorMask<Float> tail) {
    FloatVector exp = VectorMath.exp(Lanes.load(x, at, tail).sub(max).mul(scale));
    exp.intoMemorySegment(x, at, LITTLE, tail);
    return Lanes.sum(exp, tail);
  }

  /** The maximum; a NaN may be lost, but then the sum of the exponentials is a NaN. */
  private static float max(MemorySegment x, long xo, int n) {
    FloatVector max = broadcast(Float.NEGATIVE_INFINITY);
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      FloatVector v = Lanes.load(x, xo + i * 4L);
      // Not lanewise MAX: Java's rules for NaN and −0 cost five instructions where this has two.
      max = max.blend(v, v.compare(VectorOperators.GT, max));
    }
    float most = max.reduceLanes(VectorOperators.MAX);
    return bound < n ? Math.max(most, maxTail(x, xo + bound * 4L, Lanes.tail(n))) : most;
  }

  private static float maxTail(MemorySegment x, long at, VectorMask<Float> tail) {
    return Lanes.load(x, at, tail).reduceLanes(VectorOperators.MAX, tail);
  }
}
