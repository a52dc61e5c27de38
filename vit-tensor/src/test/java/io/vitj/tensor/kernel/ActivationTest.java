package io.vitj.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class ActivationTest {
  @ParameterizedTest
  @CsvFileSource(resources = "activations.csv", useHeadersInDisplayName = true)
  void hasTheStatedRelativeError(
      double x, double geluErf, double geluTanh, double quickGelu, double silu, double tanh) {
    check(Activation.NONE, x, x);
    check(Activation.RELU, x, x > 0 ? x : 0);
    check(Activation.GELU_ERF, x, geluErf);
    check(Activation.GELU_TANH, x, geluTanh);
    check(Activation.QUICK_GELU, x, quickGelu);
    check(Activation.SILU, x, silu);
    check(Activation.TANH, x, tanh);
  }

  private static void check(Activation function, double x, double expected) {
    double bound = Math.max(Math.abs(expected) * 1e-12, Float.MIN_NORMAL * 1e-12);
    assertThat(function.applyAsDouble(x))
        .as("%s(%s)", function, x)
        .isEqualTo(expected, within(bound));
  }

  @Test
  void reluKeepsNaN() {
    assertThat(Activation.RELU.applyAsDouble(Double.NaN)).isNaN();
  }
}
