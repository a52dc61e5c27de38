package io.vitj.tensor;

import io.vitj.tensor.kernel.Bounds;
import io.vitj.tensor.kernel.OnProcessorWidth;
import io.vitj.tensor.kernel.Reference;
import io.vitj.tensor.kernel.Samples;
import io.vitj.tensor.parallel.Parallel;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Multi-head attention against double precision. */
@OnProcessorWidth
class AttentionConformanceTest {
  private static final Parallel PARALLEL = Parallel.owned(2);

  // One object for all shapes: scratch memory of one must not show in the next.
  private static final TensorOps OPS = new TensorOps(Arena.ofAuto(), PARALLEL);

  @AfterAll
  static void close() {
    PARALLEL.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 20, 24, 32, 64, 80})
  void takesAnyHeadDimensionAndNumberOfTokens(int headDim) {
    new Layer(1, 197, 1, headDim, 197).check(true);
    new Layer(2, 37, 3, headDim, 37).check(true);
    new Layer(3, 5, 2, headDim, 5).check(true);
    new Layer(2, 1, 2, headDim, 1).check(true);
  }

  @Test
  void givesTheSameWithoutProbabilities() {
    new Layer(2, 37, 3, 20, 37).check(false);
  }

  @Test
  void attendsFromTheFirstTokensOnly() {
    new Layer(2, 37, 3, 20, 1).check(true);
    new Layer(2, 37, 3, 20, 30).check(true);
    new Layer(2, 37, 3, 20, 1).check(false);
  }

  private static final class Layer {
    private final int images;
    private final int tokens;
    private final int heads;
    private final int headDim;
    private final int queries;
    private final int dim;
    private final float scale;
    private final float[] qkv;
    private float[] out;
    private float[] probabilities;

    Layer(int images, int tokens, int heads, int headDim, int queries) {
      this.images = images;
      this.tokens = tokens;
      this.heads = heads;
      this.headDim = headDim;
      this.queries = queries;
      dim = heads * headDim;
      scale = (float) (1 / Math.sqrt(headDim));
      qkv = Samples.normal(images * tokens * 3 * dim, tokens);
    }

    void check(boolean withProbabilities) {
      Tensor y = Tensors.empty(images, queries, dim);
      Tensor p = withProbabilities ? Tensors.empty(images, heads, queries, tokens) : null;
      OPS.attention(Tensors.of(qkv, images, tokens, 3 * dim), heads, scale, y, p);
      out = Tensors.values(y);
      probabilities = withProbabilities ? Tensors.values(p) : null;
      for (int image = 0; image < images; image++) {
        for (int head = 0; head < heads; head++) {
          for (int query = 0; query < queries; query++) {
            checkQuery(image, head, query);
          }
        }
      }
    }

    /** Part 0 are the queries, 1 the keys, 2 the values. */
    private double at(int image, int token, int part, int head, int d) {
      return qkv[((image * tokens + token) * 3 + part) * dim + head * headDim + d];
    }

    /**
     * A score is off by e ≤ γ(d+2)·Σ|q|·|k|, so a probability by the factor exp(2·s·max e), and by
     * the rounding of softmax; the result by that and γ(T+2), relative to Σ p·|v|.
     */
    private void checkQuery(int image, int head, int query) {
      String what = tokens + " tokens, head dimension " + headDim + ", query " + query;
      double[] score = new double[tokens];
      double error = 0;
      for (int t = 0; t < tokens; t++) {
        double magnitude = 0;
        for (int d = 0; d < headDim; d++) {
          double product = at(image, query, 0, head, d) * at(image, t, 1, head, d);
          score[t] += product;
          magnitude += Math.abs(product);
        }
        error = Math.max(error, Bounds.gamma(headDim + 2) * magnitude);
      }
      double[] p = Reference.softmax(score, scale);
      double[] bounds = Reference.softmaxBounds(score, scale, p);
      for (int t = 0; t < tokens; t++) {
        bounds[t] = p[t] * (bounds[t] + Math.expm1(2 * scale * error)) + Bounds.TINY;
        if (probabilities != null) {
          int index = ((image * heads + head) * queries + query) * tokens + t;
          Bounds.check(what, probabilities[index], p[t], bounds[t]);
        }
      }
      for (int d = 0; d < headDim; d++) {
        double sum = 0;
        double bound = 0;
        for (int t = 0; t < tokens; t++) {
          double value = at(image, t, 2, head, d);
          sum += p[t] * value;
          bound += Math.abs(value) * (bounds[t] + p[t] * Bounds.gamma(tokens + 2));
        }
        float actual = out[(image * queries + query) * dim + head * headDim + d];
        Bounds.check(what, actual, sum, bound * 1.01);
      }
    }
  }
}
