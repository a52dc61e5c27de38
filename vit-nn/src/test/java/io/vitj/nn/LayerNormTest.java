package io.vitj.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.nn.Reference.Matrix;
import io.vitj.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerNormTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1e-6",
    "1, 2, 1e-5",
    "37, 48, 1e-6",
    "197, 40, 1e-12",
    "5, 17, 1e-6",
    "3, 257, 1e-6"
  })
  void equalsTheReference(int rows, int width, float epsilon) {
    try (Fixture f = new Fixture(Fixture.SMALL)) {
      float[] x = f.normal(rows * width, 3);
      float[] gamma = f.normal(width, 1);
      float[] beta = f.normal(width, 0.5);
      LayerNorm norm = f.norm(gamma, beta, epsilon);
      Tensor input = f.tensor(x, rows, width);
      Tensor y = f.zeros(rows, width);

      f.run(() -> norm.forward(f.context, input, y));
      Matrix reference = Reference.layerNorm(Matrix.of(rows, width, x), gamma, beta, epsilon);
      Fixture.assertClose(y, reference);

      f.run(() -> norm.forward(f.context, input, input));
      assertThat(input.toFloats()).isEqualTo(y.toFloats());
    }
  }

  @Test
  void refusesUnequalVectorsAndEpsilonZero() {
    try (Fixture f = new Fixture(Fixture.SMALL)) {
      assertThatThrownBy(() -> new LayerNorm(f.zeros(3), f.zeros(4), 1e-6f))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("(3)")
          .hasMessageContaining("(4)");
      assertThatThrownBy(() -> new LayerNorm(f.zeros(3), f.zeros(3), 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("epsilon");
    }
  }
}
