package io.vitj.tensor.kernel;

import static io.vitj.tensor.kernel.Lanes.FLOAT;
import static io.vitj.tensor.kernel.Lanes.LITTLE;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Layer norm and softmax of one row of at least {@link Lanes#COUNT} elements, and rotation of one
 * of any length. Offsets in bytes, n in floats. Sums run in lane order: one accumulator per lane,
 * added up at the end.
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
    Lanes.settle(x.isNative() && y.isNative() && gamma.isNative() && beta.isNative());
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      long at = i * 4L;
      FloatVector normal = Lanes.load(x, xo + at).sub(mean).mul(inverse);
      normal
          .fma(Lanes.load(gamma, go + at), Lanes.load(beta, bo + at))
          .intoMemorySegment(y, yo + at, LITTLE);
    }
    for (int i = bound; i < n; i++) {
      long at = i * 4L;
      float normal = (x.get(FLOAT, xo + at) - mean) * inverse;
      float scaled = Math.fma(normal, gamma.get(FLOAT, go + at), beta.get(FLOAT, bo + at));
      y.set(FLOAT, yo + at, scaled);
    }
  }

  private static float sum(MemorySegment x, long xo, int n) {
    int head = Lanes.head(n);
    FloatVector sum = Lanes.load(x, xo).blend(0f, Lanes.from(head));
    for (int i = head; i < n; i += Lanes.COUNT) {
      sum = sum.add(Lanes.load(x, xo + i * 4L));
    }
    return Lanes.sum(sum);
  }

  private static float squares(MemorySegment x, long xo, float mean, int n) {
    int head = Lanes.head(n);
    FloatVector first = Lanes.load(x, xo).sub(mean).blend(0f, Lanes.from(head));
    FloatVector sum = first.mul(first);
    for (int i = head; i < n; i += Lanes.COUNT) {
      FloatVector centred = Lanes.load(x, xo + i * 4L).sub(mean);
      sum = centred.fma(centred, sum);
    }
    return Lanes.sum(sum);
  }

  /** Planes of the elements i and i + m. */
  static void rotate(MemorySegment x, long xo, MemorySegment angles, long ao, int m) {
    Lanes.settle(x.isNative() && angles.isNative());
    long half = m * 4L;
    int bound = Lanes.bound(m);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      long at = xo + i * 4L;
      FloatVector cos = Lanes.load(angles, ao + i * 4L);
      FloatVector sin = Lanes.load(angles, ao + half + i * 4L);
      FloatVector first = Lanes.load(x, at);
      FloatVector second = Lanes.load(x, at + half);
      first.fma(cos, second.mul(sin).neg()).intoMemorySegment(x, at, LITTLE);
      second.fma(cos, first.mul(sin)).intoMemorySegment(x, at + half, LITTLE);
    }
    for (int i = bound; i < m; i++) {
      long at = xo + i * 4L;
      float cos = angles.get(FLOAT, ao + i * 4L);
      float sin = angles.get(FLOAT, ao + half + i * 4L);
      float first = x.get(FLOAT, at);
      float second = x.get(FLOAT, at + half);
      x.set(FLOAT, at, Math.fma(first, cos, -(second * sin)));
      x.set(FLOAT, at + half, Math.fma(second, cos, first * sin));
    }
  }

  static void softmax(MemorySegment x, long xo, float scale, int n) {
    exponentials(x, xo, max(x, xo, n), scale, n);
    ElementwiseKernels.scale(x, xo, 1 / sum(x, xo, n), x, xo, n);
  }

  /** x = exp(scale · (x − max)); a vector is loaded before the one that overlaps it is stored. */
  private static void exponentials(MemorySegment x, long xo, float max, float scale, int n) {
    FloatVector next = Lanes.load(x, xo);
    long at = xo;
    for (int end = Lanes.head(n); end <= n; end += Lanes.COUNT) {
      FloatVector v = next;
      next = Lanes.load(x, xo + Math.min(end, n - Lanes.COUNT) * 4L);
      VectorMath.exp(v.sub(max).mul(scale)).intoMemorySegment(x, at, LITTLE);
      at = xo + end * 4L;
    }
  }

  /** The maximum; a NaN may be lost, but then the sum of the exponentials is a NaN. */
  private static float max(MemorySegment x, long xo, int n) {
    FloatVector max = Lanes.load(x, xo);
    for (int i = Lanes.head(n); i < n; i += Lanes.COUNT) {
      FloatVector v = Lanes.load(x, xo + i * 4L);
      // Not lanewise MAX: Java's rules for NaN and −0 cost five instructions where this has two.
      max = max.blend(v, v.compare(VectorOperators.GT, max));
    }
    return max.reduceLanes(VectorOperators.MAX);
  }
}
