package io.vitj.nn;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.nn.ExecutionContext.Extents;
import io.vitj.nn.Reference.Matrix;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.Activation;
import org.junit.jupiter.api.Test;

class AttentionPoolingTest {
  private static final float EPSILON = 1e-6f;

  /**
   * In the reference every token is a query of its own image's tokens: a first token that is the
   * probe, whose keys and values are left out by a bias.
   */
  @Test
  void equalsAttentionFromOneMoreToken() {
    Extents e = new Extents(3, 37, 24, 3, 41, false, true);
    int d = e.width();
    int more = e.tokens() + 1;
    try (Fixture f = new Fixture(e, true)) {
      float[] x = f.normal(e.batch() * e.tokens() * d, 1);
      float[] query = f.normal(d, 1);
      float[] wkv = f.weight(2 * d, d);
      float[] bkv = f.normal(2 * d, 0.1);
      float[] wproj = f.weight(d, d);
      float[] bproj = f.normal(d, 0.1);
      float[] gamma = f.normal(d, 1);
      float[] beta = f.normal(d, 0.1);
      float[] w1 = f.weight(e.hidden(), d);
      float[] b1 = f.normal(e.hidden(), 0.1);
      float[] w2 = f.weight(d, e.hidden());
      float[] b2 = f.normal(d, 0.1);
      Pooling pooling =
          new AttentionPooling(
              f.tensor(query, 1, d),
              f.linear(wkv, bkv),
              f.linear(wproj, bproj),
              f.norm(gamma, beta, EPSILON),
              Mlp.plain(f.linear(w1, b1), null, f.linear(w2, b2), Activation.GELU_ERF),
              e.heads());
      Tensor y = f.zeros(e.batch(), d);

      Tensor seen = f.zeros(e.batch(), e.heads(), 1, e.tokens());
      f.context.observer(
          new Observer() {
            @Override
            public void pooling(Tensor probabilities) {
              seen.copyFrom(probabilities);
            }
          });

      f.run(() -> pooling.forward(f.context, f.tensor(x, e.batch(), e.tokens(), d), y));

      Matrix kv = Reference.linear(Matrix.of(e.batch() * e.tokens(), d, x), wkv, bkv);
      Matrix qkv = new Matrix(e.batch() * more, 3 * d);
      for (int b = 0; b < e.batch(); b++) {
        for (int i = 0; i < d; i++) {
          qkv.set(b * more * 3 * d + i, query[i], 0);
        }
        for (int i = 0; i < e.tokens() * 2 * d; i++) {
          int from = b * e.tokens() * 2 * d + i;
          int to = (b * more + 1 + i / (2 * d)) * 3 * d + d + i % (2 * d);
          qkv.set(to, kv.value[from], kv.variance[from]);
        }
      }
      Matrix[] probabilities = new Matrix[e.batch() * e.heads()];
      Matrix all =
          Reference.attention(
              qkv, e.batch(), e.heads(), (head, token, key) -> key == 0 ? -60 : 0, probabilities);
      Matrix attended = new Matrix(e.batch(), d);
      for (int i = 0; i < e.batch() * d; i++) {
        int from = i / d * more * d + i % d;
        attended.set(i, all.value[from], all.variance[from]);
      }
      Matrix stream = Reference.linear(attended, wproj, bproj);
      Matrix normed = Reference.layerNorm(stream, gamma, beta, EPSILON);
      Matrix hidden = Reference.gelu(Reference.linear(normed, w1, b1));
      Fixture.assertClose(y, Reference.linearAdd(stream, hidden, w2, b2));
      assertProbe(seen, probabilities, e);
    }
  }

  /** The first row of each head, without the key that is left out. */
  private static void assertProbe(Tensor seen, Matrix[] probabilities, Extents e) {
    Matrix rows = new Matrix(probabilities.length, e.tokens());
    for (int i = 0; i < probabilities.length; i++) {
      for (int t = 0; t < e.tokens(); t++) {
        double value = probabilities[i].value[1 + t];
        rows.set(i * e.tokens() + t, value, probabilities[i].variance[1 + t]);
      }
    }
    Fixture.assertClose(seen, rows);
  }

  @Test
  void refusesWidthsThatDoNotFit() {
    try (Fixture f = new Fixture(Fixture.SMALL)) {
      Linear kv = new Linear(f.arena, f.zeros(40, 20), null);
      Linear projection = new Linear(f.arena, f.zeros(20, 20), null);
      assertThatThrownBy(() -> new AttentionPooling(f.zeros(1, 19), kv, projection, null, null, 2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("(1, 19)")
          .hasMessageContaining("20");
      assertThatThrownBy(() -> new AttentionPooling(f.zeros(1, 20), kv, projection, null, null, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("width 20 is no multiple of 3 heads");
    }
  }
}
