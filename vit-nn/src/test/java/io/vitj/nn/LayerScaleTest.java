package io.vitj.nn;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.nn.Reference.Matrix;
import io.vitj.tensor.DType;
import io.vitj.tensor.Tensor;
import org.junit.jupiter.api.Test;

class LayerScaleTest {
  @Test
  void foldsIntoTheLinearLayerBeforeIt() {
    int rows = 37;
    int in = 31;
    int out = 20;
    try (Fixture f = new Fixture(Fixture.SMALL)) {
      float[] x = f.normal(rows * in, 1);
      float[] w = f.weight(out, in);
      float[] b = f.normal(out, 0.1);
      float[] gamma = f.normal(out, 0.5);
      LayerScale scale = new LayerScale(f.tensor(gamma, out));
      Linear folded = scale.fold(f.arena, f.tensor(w, out, in), f.tensor(b, out), DType.F32);
      Tensor y = f.zeros(rows, out);

      f.run(() -> folded.forward(f.context, f.tensor(x, rows, in), y));

      Matrix unscaled = Reference.linear(Matrix.of(rows, in, x), w, b);
      Matrix scaled = new Matrix(rows, out);
      for (int i = 0; i < rows * out; i++) {
        double g = gamma[i % out];
        // γ·w and γ·b are rounded once more, as the products in the sum were: at most twice the
        // variance.
        scaled.set(i, g * unscaled.value[i], g * g * 2 * unscaled.variance[i]);
      }
      Fixture.assertClose(y, scaled);
    }
  }

  @Test
  void namesBothLengthsThatDoNotFit() {
    try (Fixture f = new Fixture(Fixture.SMALL)) {
      LayerScale scale = new LayerScale(f.zeros(4));
      assertThatThrownBy(() -> scale.fold(f.arena, f.zeros(5, 3), f.zeros(5), DType.F32))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("4")
          .hasMessageContaining("(5, 3)");
    }
  }
}
