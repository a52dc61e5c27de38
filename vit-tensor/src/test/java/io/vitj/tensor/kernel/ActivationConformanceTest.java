package io.vitj.tensor.kernel;

import static java.lang.Float.NEGATIVE_INFINITY;
import static java.lang.Float.NaN;
import static java.lang.Float.POSITIVE_INFINITY;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Activation functions against their definition in double precision. */
@OnProcessorWidth
class ActivationConformanceTest {
  /** A prime: every exponent and sign is met with 200 fractions. */
  private static final int STRIDE = 40_009;

  private final Kernels kernels = KernelProvider.kernels();

  @ParameterizedTest
  @EnumSource
  void meetTheErrorBoundOfTheirDomain(Activation function) {
    int n = 4099;
    float[] values = new float[n];
    int next = Integer.MIN_VALUE;
    for (long left = (1L << 32) / STRIDE; left > 0; left -= n) {
      for (int i = 0; i < n; i++, next += STRIDE) {
        values[i] = Float.intBitsToFloat(next);
      }
      Area x = Area.vector(1, values);
      kernels.activate(function, x.segment, x.offset, n, 1, n);
      for (int i = 0; i < n; i++) {
        check(function, values[i], x.get(0, i));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepToTheirRows(Activation function) {
    for (int n : Samples.sizes(kernels.blocking().lanes())) {
      float[] before = Samples.special(3 * n, n);
      Area x = Area.matrix(1, 3, n, n + 3).set(before);
      kernels.activate(function, x.segment, x.offset, x.stride, 3, n);
      x.checkGuards();
      for (int i = 0; i < before.length; i++) {
        check(function, before[i], x.get(i / n, i % n));
      }
    }
  }

  private static void check(Activation function, float x, float y) {
    String what = function + " of " + x;
    if (function == Activation.NONE) {
      Bounds.checkBits(what, y, x);
    } else {
      Bounds.check(what, y, function.applyAsDouble(x), Bounds.activation(function, x));
    }
  }

  /** The bound of SiLU times the other factor, and the rounding of the product. */
  @Test
  void gateAnotherRow() {
    for (int n : Samples.sizes(kernels.blocking().lanes())) {
      float[] gates = Samples.special(n, n);
      float[] values = Samples.normal(n, n + 1);
      Area g = Area.vector(1, gates);
      Area x = Area.vector(2, values);
      Area y = Area.matrix(5, 1, n, n);
      kernels.swiGlu(g.input(), g.offset, x.input(), x.offset, y.segment, y.offset, n);
      y.checkGuards();
      for (int i = 0; i < n; i++) {
        double expected = Activation.SILU.applyAsDouble(gates[i]) * values[i];
        double bound =
            Bounds.activation(Activation.SILU, gates[i]) * Math.abs(values[i])
                + Math.abs(expected) * Bounds.gamma(1)
                + Float.MIN_VALUE;
        Bounds.check("n " + n + ", gate " + gates[i], y.get(0, i), (float) expected, bound);
      }
    }
  }

  @Test
  void haveTheLimitsOfTheirDefinition() {
    float[] limits = {NEGATIVE_INFINITY, POSITIVE_INFINITY, NaN};
    assertThat(apply(Activation.GELU_ERF, limits)).containsExactly(NaN, POSITIVE_INFINITY, NaN);
    assertThat(apply(Activation.GELU_TANH, limits)).containsExactly(NaN, POSITIVE_INFINITY, NaN);
    assertThat(apply(Activation.QUICK_GELU, limits)).containsExactly(NaN, POSITIVE_INFINITY, NaN);
    assertThat(apply(Activation.SILU, limits)).containsExactly(NaN, POSITIVE_INFINITY, NaN);
    assertThat(apply(Activation.RELU, limits)).containsExactly(0f, POSITIVE_INFINITY, NaN);
    assertThat(apply(Activation.TANH, limits)).containsExactly(-1f, 1f, NaN);
    assertThat(apply(Activation.RELU, -0f)).containsExactly(0f);
  }

  private float[] apply(Activation function, float... values) {
    Area x = Area.vector(1, values);
    kernels.activate(function, x.segment, x.offset, values.length, 1, values.length);
    return x.row(0);
  }
}
