package io.vitj.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.tensor.kernel.Bounds;
import io.vitj.tensor.kernel.OnProcessorWidth;
import io.vitj.tensor.kernel.Reference;
import io.vitj.tensor.kernel.Samples;
import io.vitj.tensor.parallel.Parallel;
import java.lang.foreign.Arena;
import java.util.Arrays;
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

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 20})
  void addsABiasByTheOffsetOfThePatches(int headDim) {
    new Layer(2, 1 + 5 * 7, 3, headDim, 1 + 5 * 7).biased(5, 7).check(true);
    new Layer(1, 1 + 14 * 14, 2, headDim, 1 + 14 * 14).biased(14, 14).check(true);
    new Layer(2, 1 + 3 * 17, 3, headDim, 1).biased(3, 17).check(false);
    new Layer(2, 2, 1, headDim, 2).biased(1, 1).check(true);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 30})
  void attendsFromQueriesThatAreTheSameForAllImages(int queries) {
    new Layer(2, 37, 3, 20, queries).checkShared();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 20, 64})
  void seesNothingBehindTheQueryWhereCausal(int headDim) {
    new Layer(1, 77, 2, headDim, 77).causal().check(true);
    new Layer(2, 37, 3, headDim, 37).causal().check(false);
    new Layer(2, 97, 1, headDim, 30).causal().check(true);
    new Layer(2, 1, 2, headDim, 1).causal().check(true);
  }

  @Test
  void givesTheSameBitsWhateverFollowsTheQueryWhereCausal() {
    Layer layer = new Layer(1, 77, 3, 20, 77).causal();
    layer.check(false);
    for (int length : new int[] {1, 7, 24, 25, 48, 76}) {
      Layer start = new Layer(1, length, 3, 20, length).causal();
      System.arraycopy(layer.qkv, 0, start.qkv, 0, start.qkv.length);
      start.check(false);
      assertThat(start.out).isEqualTo(Arrays.copyOf(layer.out, start.out.length));
    }
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
    private float[] table;
    private int gridHeight;
    private int gridWidth;
    private boolean causal;
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

    Layer biased(int height, int width) {
      gridHeight = height;
      gridWidth = width;
      table = Samples.normal(((2 * height - 1) * (2 * width - 1) + 3) * heads, tokens + 1);
      return this;
    }

    Layer causal() {
      causal = true;
      return this;
    }

    private RelativePositionBias bias() {
      if (table == null) {
        return null;
      }
      Tensor rows = Tensors.of(table, table.length / heads, heads);
      return new RelativePositionBias(Arena.ofAuto(), rows, gridHeight, gridWidth);
    }

    /** The table of BEiT, looked up by the offset of each pair. */
    private double bias(int head, int query, int key) {
      if (table == null) {
        return 0;
      }
      int offsets = table.length / heads - 3;
      int row;
      if (query == 0) {
        row = key == 0 ? offsets + 2 : offsets;
      } else if (key == 0) {
        row = offsets + 1;
      } else {
        int down = (query - 1) / gridWidth - (key - 1) / gridWidth;
        int right = (query - 1) % gridWidth - (key - 1) % gridWidth;
        row = (down + gridHeight - 1) * (2 * gridWidth - 1) + right + gridWidth - 1;
      }
      return table[row * heads + head];
    }

    /** The queries of the first image for all of them, and the same keys and values. */
    void checkShared() {
      float[] shared = new float[queries * dim];
      float[] kv = new float[images * tokens * 2 * dim];
      for (int row = 0; row < images * tokens; row++) {
        System.arraycopy(qkv, (row * 3 + 1) * dim, kv, row * 2 * dim, 2 * dim);
        System.arraycopy(qkv, row % tokens * 3 * dim, qkv, row * 3 * dim, dim);
      }
      for (int row = 0; row < queries; row++) {
        System.arraycopy(qkv, row * 3 * dim, shared, row * dim, dim);
      }
      Tensor y = Tensors.empty(images, queries, dim);
      Tensor q = Tensors.of(shared, queries, dim);
      Tensor joint = Tensors.of(kv, images, tokens, 2 * dim);
      Tensor p = Tensors.empty(images, heads, queries, tokens);
      OPS.attentionOfSharedQueries(q, joint, heads, scale, y, p);
      out = Tensors.values(y);
      probabilities = Tensors.values(p);
      checkQueries();
    }

    void check(boolean withProbabilities) {
      Tensor y = Tensors.empty(images, queries, dim);
      Tensor p = withProbabilities ? Tensors.empty(images, heads, queries, tokens) : null;
      Tensor joint = Tensors.of(qkv, images, tokens, 3 * dim);
      if (causal) {
        OPS.causalAttention(joint, heads, scale, y, p);
      } else {
        OPS.attention(joint, heads, scale, bias(), y, p);
      }
      out = Tensors.values(y);
      probabilities = withProbabilities ? Tensors.values(p) : null;
      checkQueries();
    }

    private void checkQueries() {
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
     * A score s·q·k + b is off by e ≤ s·γ(d+2)·Σ|q|·|k|, with a bias by γ(2)·(|s·q·k| + |b|) more,
     * so a probability by the factor exp(2·max e), and by the rounding of softmax; the result by
     * that and γ(T+2), relative to Σ p·|v|.
     */
    private void checkQuery(int image, int head, int query) {
      String what = tokens + " tokens, head dimension " + headDim + ", query " + query;
      int seen = causal ? query + 1 : tokens;
      double[] score = new double[seen];
      double error = 0;
      for (int t = 0; t < seen; t++) {
        double magnitude = 0;
        for (int d = 0; d < headDim; d++) {
          double product = at(image, query, 0, head, d) * at(image, t, 1, head, d);
          score[t] += product;
          magnitude += Math.abs(product);
        }
        double added = bias(head, query, t);
        double rounded = table == null ? 0 : Math.abs(scale * score[t]) + Math.abs(added);
        score[t] = scale * score[t] + added;
        double e = scale * Bounds.gamma(headDim + 2) * magnitude + Bounds.gamma(2) * rounded;
        error = Math.max(error, e);
      }
      double[] p = Reference.softmax(score, 1);
      double[] bounds = Reference.softmaxBounds(score, 1, p);
      for (int t = 0; t < seen; t++) {
        bounds[t] = p[t] * (bounds[t] + Math.expm1(2 * error)) + Bounds.TINY;
        if (probabilities != null) {
          int index = ((image * heads + head) * queries + query) * tokens + t;
          Bounds.check(what, probabilities[index], p[t], bounds[t]);
        }
      }
      for (int t = seen; t < tokens && probabilities != null; t++) {
        assertThat(probabilities[((image * heads + head) * queries + query) * tokens + t]).isZero();
      }
      for (int d = 0; d < headDim; d++) {
        double sum = 0;
        double bound = 0;
        for (int t = 0; t < seen; t++) {
          double value = at(image, t, 2, head, d);
          sum += p[t] * value;
          bound += Math.abs(value) * (bounds[t] + p[t] * Bounds.gamma(seen + 2));
        }
        float actual = out[(image * queries + query) * dim + head * headDim + d];
        Bounds.check(what, actual, sum, bound * 1.01);
      }
    }
  }
}
