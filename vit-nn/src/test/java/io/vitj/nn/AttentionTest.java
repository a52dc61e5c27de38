package io.vitj.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.nn.ExecutionContext.Extents;
import io.vitj.nn.Reference.Matrix;
import io.vitj.tensor.RelativePositionBias;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AttentionTest {

  @ParameterizedTest
  @MethodSource("io.vitj.nn.Sizes#blocks")
  void equalsTheReferenceAndStoresTheProbabilities(Extents e) {
    try (Fixture f = new Fixture(e, true)) {
      int rows = e.batch() * e.tokens();
      int d = e.width();
      float[] x = f.normal(rows * d, 1);
      float[] wqkv = f.weight(3 * d, d);
      float[] bqkv = f.normal(3 * d, 0.1);
      float[] wproj = f.weight(d, d);
      float[] bproj = f.normal(d, 0.1);
      float[] residual = f.normal(rows * d, 1);
      Attention attention =
          new Attention(f.linear(wqkv, bqkv), null, f.linear(wproj, bproj), e.heads());
      Tensor y = f.tensor(residual, e.batch(), e.tokens(), d);

      f.run(() -> attention.addTo(f.context, f.tensor(x, e.batch(), e.tokens(), d), f.context, y));

      Matrix[] probabilities = new Matrix[e.batch() * e.heads()];
      Matrix qkv = Reference.linear(Matrix.of(rows, d, x), wqkv, bqkv);
      Matrix attended = Reference.attention(qkv, e.batch(), e.heads(), probabilities);
      Matrix stream = Matrix.of(rows, d, residual);
      Fixture.assertClose(y, Reference.linearAdd(stream, attended, wproj, bproj));
      Tensor all = f.context.probabilities();
      for (int b = 0; b < e.batch(); b++) {
        Shape square = Shape.of(e.heads(), e.tokens(), e.tokens());
        Tensor heads = all.slice(b, 1).reshape(square);
        for (int h = 0; h < e.heads(); h++) {
          Fixture.assertClose(heads.slice(h, 1), probabilities[b * e.heads() + h]);
        }
      }
    }
  }

  /** Rotated queries and keys, a bias of every offset, and a norm before the projection at once. */
  @Test
  void knowsWhereThePatchesAreAndNormalisesTheHeads() {
    int heads = 3;
    int d = 24;
    int gridHeight = 3;
    int gridWidth = 5;
    int patches = gridHeight * gridWidth;
    Extents e = new Extents(2, 1 + patches, d, heads, 1);
    try (Fixture f = new Fixture(e, true)) {
      int rows = e.batch() * e.tokens();
      float[] x = f.normal(rows * d, 1);
      float[] wqkv = f.weight(3 * d, d);
      float[] bqkv = f.normal(3 * d, 0.1);
      float[] gamma = f.normal(d, 1);
      float[] beta = f.normal(d, 0.1);
      float[] wproj = f.weight(d, d);
      float[] bproj = f.normal(d, 0.1);
      float[] angles = f.normal(patches * d / heads, 0.7);
      int offsets = (2 * gridHeight - 1) * (2 * gridWidth - 1);
      float[] table = f.normal((offsets + 3) * heads, 1);
      Attention attention =
          new Attention(
                  f.linear(wqkv, bqkv), f.norm(gamma, beta, 1e-6f), f.linear(wproj, bproj), heads)
              .at(
                  f.tensor(angles, patches, d / heads),
                  new RelativePositionBias(
                      f.arena, f.tensor(table, offsets + 3, heads), gridHeight, gridWidth));
      Tensor y = f.zeros(e.batch(), e.tokens(), d);

      f.run(() -> attention.addTo(f.context, f.tensor(x, e.batch(), e.tokens(), d), f.context, y));

      Reference.Bias bias =
          (head, query, key) -> {
            int down = (query - 1) / gridWidth - (key - 1) / gridWidth + gridHeight - 1;
            int right = (query - 1) % gridWidth - (key - 1) % gridWidth + gridWidth - 1;
            int offset = down * (2 * gridWidth - 1) + right;
            int row = offsets + 1;
            if (query == 0) {
              row = key == 0 ? offsets + 2 : offsets;
            } else if (key > 0) {
              row = offset;
            }
            return table[row * heads + head];
          };
      Matrix qkv = Reference.linear(Matrix.of(rows, d, x), wqkv, bqkv);
      qkv = Reference.rotate(qkv, e.batch(), heads, angles);
      Matrix[] probabilities = new Matrix[e.batch() * heads];
      Matrix attended = Reference.attention(qkv, e.batch(), heads, bias, probabilities);
      Matrix normed = Reference.layerNorm(attended, gamma, beta, 1e-6f);
      Fixture.assertClose(y, Reference.linear(normed, wproj, bproj));
    }
  }

  @ParameterizedTest
  @MethodSource("io.vitj.nn.Sizes#blocks")
  void givesTheSameBitsWithoutAnObserver(Extents e) {
    float[][] results = new float[2][];
    for (int i = 0; i < 2; i++) {
      try (Fixture f = new Fixture(e, i == 0)) {
        int d = e.width();
        Linear qkv = f.linear(f.weight(3 * d, d), f.normal(3 * d, 0.1));
        Linear projection = f.linear(f.weight(d, d), f.normal(d, 0.1));
        Attention attention = new Attention(qkv, null, projection, e.heads());
        float[] values = f.normal(e.batch() * e.tokens() * d, 1);
        Tensor x = f.tensor(values, e.batch(), e.tokens(), d);
        Tensor y = f.zeros(e.batch(), e.tokens(), d);
        f.run(() -> attention.addTo(f.context, x, f.context, y));
        results[i] = y.toFloats();
      }
    }
    assertThat(results[0]).isEqualTo(results[1]);
  }

  @Test
  void refusesWidthsThatDoNotFit() {
    try (Fixture f = new Fixture(Fixture.SMALL)) {
      Linear qkv = new Linear(f.arena, f.zeros(60, 20), null);
      Linear projection = new Linear(f.arena, f.zeros(20, 20), null);
      assertThatThrownBy(() -> new Attention(qkv, null, projection, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("width 20 is no multiple of 3 heads");
      assertThatThrownBy(() -> new Attention(projection, null, projection, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("20");
    }
  }
}
