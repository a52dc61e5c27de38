package io.vitj.tensor.kernel;

import static io.vitj.tensor.kernel.Lanes.LITTLE;
import static io.vitj.tensor.kernel.Lanes.broadcast;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link Activation} on vectors, in place. Offsets in bytes, n in floats. */
final class ActivationKernels {
  private static final float SQRT_HALF = (float) Math.sqrt(0.5);
  private static final float SQRT_8_OVER_PI = (float) Math.sqrt(8 / Math.PI);

  private ActivationKernels() {}

  /**
   * One loop a function: a function chosen inside a shared loop would be a call on a vector, which
   * lives on the heap unless it is inlined. The masked rest is a method of its own, so that a graph
   * holds each function once.
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

  private static FloatVector geluErf(FloatVector x) {
    return x.mul(0.5f).mul(VectorMath.erf(x.mul(SQRT_HALF)).add(1f));
  }

  /** x/2 · (1 + tanh(v)) = x · σ(2v), without cancellation for negative x. */
  private static FloatVector geluTanh(FloatVector x) {
    FloatVector cubic = x.mul(x).fma(broadcast(0.044715f), broadcast(1f)).mul(x);
    return x.mul(VectorMath.sigmoid(cubic.mul(SQRT_8_OVER_PI)));
  }

  private static FloatVector sigmoidLinear(FloatVector x, float slope) {
    return x.mul(VectorMath.sigmoid(x.mul(slope)));
  }

  private static FloatVector relu(FloatVector x) {
    return x.blend(0f, x.compare(VectorOperators.LE, 0f));
  }

  private static void geluErf(MemorySegment x, long offset, int n) {
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      long at = offset + i * 4L;
      geluErf(Lanes.load(x, at)).intoMemorySegment(x, at, LITTLE);
    }
    if (bound < n) {
      geluErfTail(x, offset + bound * 4L, Lanes.tail(n));
    }
  }

  private static void geluErfTail(MemorySegment x, long at, VectorMask<Float> tail) {
    geluErf(Lanes.load(x, at, tail)).intoMemorySegment(x, at, LITTLE, tail);
  }

  private static void geluTanh(MemorySegment x, long offset, int n) {
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      long at = offset + i * 4L;
      geluTanh(Lanes.load(x, at)).intoMemorySegment(x, at, LITTLE);
    }
    if (bound < n) {
      geluTanhTail(x, offset + bound * 4L, Lanes.tail(n));
    }
  }

  private static void geluTanhTail(MemorySegment x, long at, VectorMask<Float> tail) {
    geluTanh(Lanes.load(x, at, tail)).intoMemorySegment(x, at, LITTLE, tail);
  }

  private static void sigmoidLinear(MemorySegment x, long offset, int n, float slope) {
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      long at = offset + i * 4L;
      sigmoidLinear(Lanes.load(x, at), slope).intoMemorySegment(x, at, LITTLE);
    }
    if (bound < n) {
      sigmoidLinearTail(x, offset + bound * 4L, Lanes.tail(n), slope);
    }
  }

  private static void sigmoidLinearTail(
      MemorySegment x, long at, VectorMask<Float> tail, float slope) {
    sigmoidLinear(Lanes.load(x, at, tail), slope).intoMemorySegment(x, at, LITTLE, tail);
  }

  private static void relu(MemorySegment x, long offset, int n) {
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      long at = offset + i * 4L;
      relu(Lanes.load(x, at)).intoMemorySegment(x, at, LITTLE);
    }
    if (bound < n) {
      reluTail(x, offset + bound * 4L, Lanes.tail(n));
    }
  }

  private static void reluTail(MemorySegment x, long at, VectorMask<Float> tail) {
    relu(Lanes.load(x, at, tail)).intoMemorySegment(x, at, LITTLE, tail);
  }

  private static void tanh(MemorySegment x, long offset, int n) {
    int bound = Lanes.bound(n);
    for (int i = 0; i < bound; i += Lanes.COUNT) {
      long at = offset + i * 4L;
      VectorMath.tanh(Lanes.load(x, at)).intoMemorySegment(x, at, LITTLE);
    }
    if (bound < n) {
      tanhTail(x, offset + bound * 4L, Lanes.tail(n));
    }
  }

  private static void tanhTail(MemorySegment x, long at, VectorMask<Float> tail) {
    VectorMath.tanh(Lanes.load(x, at, tail)).intoMemorySegment(x, at, LITTLE, tail);
  }
}
