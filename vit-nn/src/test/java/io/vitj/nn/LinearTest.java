package io.vitj.nn;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.nn.Reference.Matrix;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.Activation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinearTest {
  @ParameterizedTest
  @CsvSource({"1, 1, 1", "1, 48, 144", "37, 48, 148", "197, 40, 65", "5, 17, 31", "6, 192, 2"})
  void equalsTheReference(int rows, int in, int out) {
    try (Fixture f = new Fixture(Fixture.SMALL)) {
      float[] x = f.normal(rows * in, 1);
      float[] w = f.weight(out, in);
      float[] b = f.normal(out, 0.1);
      Tensor input = f.tensor(x, rows, in);
      Tensor y = f.zeros(rows, out);
      Linear linear = f.linear(w, b);
      Linear unbiased = new Linear(f.arena, f.tensor(w, out, in), null);
      Matrix reference = Reference.linear(Matrix.of(rows, in, x), w, b);

      f.run(() -> linear.forward(f.context, input, y));
      Fixture.assertClose(y, reference);

      f.run(() -> linear.forward(f.context, input, y, Activation.GELU_ERF));
      Fixture.assertClose(y, Reference.gelu(reference));

      f.run(() -> unbiased.forward(f.context, input, y));
      Fixture.assertClose(y, Reference.linear(Matrix.of(rows, in, x), w, null));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "37, 148, 48", "5, 31, 17"})
  void addsToTheResidualStream(int rows, int in, int out) {
    try (Fixture f = new Fixture(Fixture.SMALL)) {
      float[] x = f.normal(rows * in, 1);
      float[] w = f.weight(out, in);
      float[] b = f.normal(out, 0.1);
      float[] residual = f.normal(rows * out, 2);
      Tensor y = f.tensor(residual, rows, out);
      Linear linear = f.linear(w, b);

      f.run(() -> linear.addTo(f.context, f.tensor(x, rows, in), y));

      Matrix stream = Matrix.of(rows, out, residual);
      Fixture.assertClose(y, Reference.linearAdd(stream, Matrix.of(rows, in, x), w, b));
    }
  }

  @Test
  void namesBothWidthsThatDoNotFit() {
    try (Fixture f = new Fixture(Fixture.SMALL)) {
      Linear linear = f.linear(f.weight(3, 5), f.normal(3, 1));
      assertThatThrownBy(() -> linear.forward(f.context, f.zeros(2, 4), f.zeros(2, 3)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("4")
          .hasMessageContaining("5");
      assertThatThrownBy(() -> linear.forward(f.context, f.zeros(2, 5), f.zeros(2, 7)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("7")
          .hasMessageContaining("3");
      assertThatThrownBy(() -> new Linear(f.arena, f.zeros(3, 5), f.zeros(4)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("4")
          .hasMessageContaining("3");
    }
  }
}
