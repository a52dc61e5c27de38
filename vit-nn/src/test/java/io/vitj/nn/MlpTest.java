package io.vitj.nn;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.nn.ExecutionContext.Extents;
import io.vitj.nn.Reference.Matrix;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.Activation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MlpTest {
  private static final float EPSILON = 1e-6f;

  @ParameterizedTest
  @CsvSource({"false, true", "true, false", "true, true"})
  void equalsTheReference(boolean gated, boolean normed) {
    Extents e = new Extents(2, 5, 20, 2, 37, gated, false);
    int rows = e.batch() * e.tokens();
    int hidden = e.hidden();
    try (Fixture f = new Fixture(e)) {
      int wide = gated ? 2 * hidden : hidden;
      float[] x = f.normal(rows * e.width(), 1);
      float[] w1 = f.weight(wide, e.width());
      float[] b1 = f.normal(wide, 0.1);
      float[] gamma = f.normal(hidden, 1);
      float[] beta = f.normal(hidden, 0.1);
      float[] w2 = f.weight(e.width(), hidden);
      float[] b2 = f.normal(e.width(), 0.1);
      float[] residual = f.normal(rows * e.width(), 1);
      Linear fc1 = f.linear(w1, b1);
      Linear fc2 = f.linear(w2, b2);
      LayerNorm norm = normed ? f.norm(gamma, beta, EPSILON) : null;
      Mlp mlp = gated ? Mlp.swiGlu(fc1, norm, fc2) : Mlp.plain(fc1, norm, fc2, Activation.GELU_ERF);
      Tensor y = f.tensor(residual, e.batch(), e.tokens(), e.width());

      f.run(() -> mlp.addTo(f.context, f.tensor(x, e.batch(), e.tokens(), e.width()), y));

      Matrix inside = Reference.linear(Matrix.of(rows, e.width(), x), w1, b1);
      inside = gated ? Reference.swiGlu(inside) : Reference.gelu(inside);
      inside = normed ? Reference.layerNorm(inside, gamma, beta, EPSILON) : inside;
      Matrix stream = Matrix.of(rows, e.width(), residual);
      Fixture.assertClose(y, Reference.linearAdd(stream, inside, w2, b2));
    }
  }

  @Test
  void refusesLayersThatDoNotMeet() {
    try (Fixture f = new Fixture(Fixture.SMALL)) {
      Linear fc1 = new Linear(f.arena, f.zeros(7, 4), null);
      Linear fc2 = new Linear(f.arena, f.zeros(4, 8), null);
      assertThatThrownBy(() -> Mlp.plain(fc1, null, fc2, Activation.RELU))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("fc1 makes 7 columns, but fc2 takes 8");
      assertThatThrownBy(() -> Mlp.swiGlu(fc1, null, fc2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("fc1 makes 7 columns, but fc2 takes 2 · 8");
    }
  }
}
