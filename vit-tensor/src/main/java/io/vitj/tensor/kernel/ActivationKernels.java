package io.vitj.tensor.kernel;

import static io.vitj.tensor.kernel.Lanes.LITTLE;
import static io.vitj.tensor.kernel.Lanes.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Activation} on vectors of at least {@link Lanes#COUNT} elements, in place. Offsets in
 * bytes, n in floats. A vector is loaded before the one that overlaps it is stored: see {@link
 * Lanes#head}.
 */
final class ActivationKernels {
  private static final float SQRT_8_OVER_PI = (float) Math.sqrt(8 / Math.PI);

  private ActivationKernels() {}

  /**
   * One loop a function: a function chosen inside a shared loop would be a call on a vector, which
   * lives on the heap unless it is inlined.
   */
  static void run(Activation activation, MemorySegment x, long offset, int n) {
    switch (activation) {
      case NONE -> {}
      case GELU_ERF -> geluErf(x, offset, n);
      case GELU_TANH -> geluTanh(x, offset, n);
      case QUICK_GELU -> sigmoidLinear(x, offset, n, 1.702f);
      case SILU -> sigmoidLinear(x, offset, n, 1f);
      case RELU -> relu(x, offset, n);
      case TANH -> tanh(x, offset, n);
    }
  }

  /**
   * y = g · σ(g) · x; y overlaps neither, so what the first vector reaches too far is computed
   * again. Both are loaded before the function, behind which C2 would not inline {@link
   * Lanes#load}.
   */
  static void swiGlu(
      MemorySegment g, long go, MemorySegment x, long xo, MemorySegment y, long yo, int n) {
    long at = 0;
    for (int end = Lanes.head(n); end <= n; end += Lanes.COUNT) {
      FloatVector value = Lanes.load(x, xo + at);
      FloatVector gate = Lanes.load(g, go + at);
      sigmoidLinear(gate, 1f).mul(value).intoMemorySegment(y, yo + at, LITTLE);
      at = end * 4L;
    }
  }

  /** x · Φ(x), with Φ(x) = 1 − Φ(−x) for positive x. */
  private static FloatVector geluErf(FloatVector x) {
    FloatVector tail = VectorMath.normalTail(x.abs());
    FloatVector whole = broadcast(SPECIES, 1f).sub(tail);
    return x.mul(tail.blend(whole, x.compare(VectorOperators.GT, 0f)));
  }

  /** x/2 · (1 + tanh(v)) = x · σ(2v), without cancellation for negative x. */
  private static FloatVector geluTanh(FloatVector x) {
    FloatVector cubic = x.mul(x).fma(broadcast(SPECIES, 0.044715f), broadcast(SPECIES, 1f)).mul(x);
    return x.mul(VectorMath.sigmoid(cubic.mul(SQRT_8_OVER_PI)));
  }

  private static FloatVector sigmoidLinear(FloatVector x, float slope) {
    return x.mul(VectorMath.sigmoid(x.mul(slope)));
  }

  private static FloatVector relu(FloatVector x) {
    return x.blend(0f, x.compare(VectorOperators.LE, 0f));
  }

  private static void geluErf(MemorySegment x, long offset, int n) {
    FloatVector next = Lanes.load(x, offset);
    long at = offset;
    for (int end = Lanes.head(n); end <= n; end += Lanes.COUNT) {
      FloatVector v = next;
      next = Lanes.load(x, offset + Math.min(end, n - Lanes.COUNT) * 4L);
      geluErf(v).intoMemorySegment(x, at, LITTLE);
      at = offset + end * 4L;
    }
  }

  private static void geluTanh(MemorySegment x, long offset, int n) {
    FloatVector next = Lanes.load(x, offset);
    long at = offset;
    for (int end = Lanes.head(n); end <= n; end += Lanes.COUNT) {
      FloatVector v = next;
      next = Lanes.load(x, offset + Math.min(end, n - Lanes.COUNT) * 4L);
      geluTanh(v).intoMemorySegment(x, at, LITTLE);
      at = offset + end * 4L;
    }
  }

  private static void sigmoidLinear(MemorySegment x, long offset, int n, float slope) {
    FloatVector next = Lanes.load(x, offset);
    long at = offset;
    for (int end = Lanes.head(n); end <= n; end += Lanes.COUNT) {
      FloatVector v = next;
      next = Lanes.load(x, offset + Math.min(end, n - Lanes.COUNT) * 4L);
      sigmoidLinear(v, slope).intoMemorySegment(x, at, LITTLE);
      at = offset + end * 4L;
    }
  }

  private static void relu(MemorySegment x, long offset, int n) {
    FloatVector next = Lanes.load(x, offset);
    long at = offset;
    for (int end = Lanes.head(n); end <= n; end += Lanes.COUNT) {
      FloatVector v = next;
      next = Lanes.load(x, offset + Math.min(end, n - Lanes.COUNT) * 4L);
      relu(v).intoMemorySegment(x, at, LITTLE);
      at = offset + end * 4L;
    }
  }

  private static void tanh(MemorySegment x, long offset, int n) {
    FloatVector next = Lanes.load(x, offset);
    long at = offset;
    for (int end = Lanes.head(n); end <= n; end += Lanes.COUNT) {
      FloatVector v = next;
      next = Lanes.load(x, offset + Math.min(end, n - Lanes.COUNT) * 4L);
      VectorMath.tanh(v).intoMemorySegment(x, at, LITTLE);
      at = offset + end * 4L;
    }
  }
}
