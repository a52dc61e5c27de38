package io.vitj.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.nn.ExecutionContext.Extents;
import io.vitj.nn.Reference.Matrix;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.Activation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EncoderBlockTest {
  private static final float EPSILON = 1e-6f;

  /** The weights of a block, as they are in a checkpoint. */
  private static final class Weights {
    final float[] gamma1;
    final float[] beta1;
    final float[] wqkv;
    final float[] bqkv;
    final float[] wproj;
    final float[] bproj;
    final float[] gamma2;
    final float[] beta2;
    final float[] w1;
    final float[] b1;
    final float[] w2;
    final float[] b2;

    Weights(Fixture f, int d, int hidden) {
      gamma1 = f.normal(d, 1);
      beta1 = f.normal(d, 0.1);
      wqkv = f.weight(3 * d, d);
      bqkv = f.normal(3 * d, 0.1);
      wproj = f.weight(d, d);
      bproj = f.normal(d, 0.1);
      gamma2 = f.normal(d, 1);
      beta2 = f.normal(d, 0.1);
      w1 = f.weight(hidden, d);
      b1 = f.normal(hidden, 0.1);
      w2 = f.weight(d, hidden);
      b2 = f.normal(d, 0.1);
    }

    EncoderBlock block(Fixture f, int heads) {
      return new EncoderBlock(
          f.norm(gamma1, beta1, EPSILON),
          new Attention(f.linear(wqkv, bqkv), null, f.linear(wproj, bproj), heads),
          f.norm(gamma2, beta2, EPSILON),
          Mlp.plain(f.linear(w1, b1), null, f.linear(w2, b2), Activation.GELU_ERF));
    }

    Matrix reference(Matrix x, int batch, int heads) {
      Matrix qkv = Reference.linear(Reference.layerNorm(x, gamma1, beta1, EPSILON), wqkv, bqkv);
      Matrix attended = Reference.attention(qkv, batch, heads, new Matrix[batch * heads]);
      Matrix y = Reference.linearAdd(x, attended, wproj, bproj);
      Matrix normed = Reference.layerNorm(y, gamma2, beta2, EPSILON);
      Matrix hidden = Reference.gelu(Reference.linear(normed, w1, b1));
      return Reference.linearAdd(y, hidden, w2, b2);
    }
  }

  @ParameterizedTest
  @MethodSource("io.vitj.nn.Sizes#blocks")
  void equalsTheReference(Extents e) {
    try (Fixture f = new Fixture(e)) {
      int rows = e.batch() * e.tokens();
      Weights weights = new Weights(f, e.width(), e.hidden());
      EncoderBlock block = weights.block(f, e.heads());
      float[] values = f.normal(rows * e.width(), 1);
      Tensor x = f.tensor(values, e.batch(), e.tokens(), e.width());

      f.run(() -> block.forward(f.context, x));

      Matrix input = Matrix.of(rows, e.width(), values);
      Fixture.assertClose(x, weights.reference(input, e.batch(), e.heads()));
    }
  }

  @ParameterizedTest
  @MethodSource("io.vitj.nn.Sizes#blocks")
  void givesTheFirstTokensTheSameBitsWhenTheyRunAlone(Extents e) {
    try (Fixture f = new Fixture(e)) {
      EncoderBlock block = new Weights(f, e.width(), e.hidden()).block(f, e.heads());
      float[] values = f.normal(e.batch() * e.tokens() * e.width(), 1);
      Tensor x = f.tensor(values, e.batch(), e.tokens(), e.width());
      Tensor all = f.tensor(values, e.batch(), e.tokens(), e.width());
      f.run(() -> block.forward(f.context, all));

      for (int queries = 1; queries <= Math.min(3, e.tokens()); queries++) {
        Tensor y = f.zeros(e.batch(), queries, e.width());
        ExecutionContext first = f.context.first(queries);
        f.run(() -> block.forward(f.context, x, first, y));

        for (int b = 0; b < e.batch(); b++) {
          Tensor image = all.slice(b, 1).reshape(Shape.of(e.tokens(), e.width()));
          float[] expected = image.slice(0, queries).toFloats();
          assertThat(y.slice(b, 1).toFloats()).isEqualTo(expected);
        }
        assertThat(x.toFloats()).isEqualTo(values);
      }
    }
  }
}
