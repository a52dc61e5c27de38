package io.vitj.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.tensor.kernel.Activation;
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
import org.junit.jupiter.params.provider.EnumSource;

/** Operations on the rows of a tensor; also in place, by the same and by another view. */
@OnProcessorWidth
class RowsConformanceTest {
  private static final Parallel PARALLEL = Parallel.owned(2);
  private static final int[] SHAPE = {2, 5, 37};
  private static final int ROWS = 10;
  private static final int DIM = 37;

  private final TensorOps ops = new TensorOps(Arena.ofAuto(), PARALLEL);
  private final float[] x = Samples.normal(ROWS * DIM, 1);

  @AfterAll
  static void close() {
    PARALLEL.close();
  }

  private interface Operation {
    void run(Tensor in, Tensor out);
  }

  /** The result, which must be the same in place. */
  private float[] run(Operation operation) {
    Tensor in = Tensors.of(x, SHAPE);
    Tensor out = Tensors.empty(SHAPE);
    operation.run(in, out);
    assertThat(Tensors.values(in)).isEqualTo(x);
    operation.run(in, in);
    assertThat(Tensors.values(in)).isEqualTo(Tensors.values(out));
    in.copyFrom(x);
    operation.run(in, in.reshape(in.shape()));
    assertThat(Tensors.values(in)).isEqualTo(Tensors.values(out));
    return Tensors.values(out);
  }

  private static float[] row(float[] values, int row) {
    return Arrays.copyOfRange(values, row * DIM, (row + 1) * DIM);
  }

  @Test
  void layerNorm() {
    float[] gamma = Samples.normal(DIM, 2);
    float[] beta = Samples.normal(DIM, 3);
    Tensor scale = Tensors.of(gamma, DIM);
    Tensor shift = Tensors.of(beta, DIM);
    float[] y = run((in, out) -> ops.layerNorm(in, scale, shift, 1e-6f, out));
    for (int i = 0; i < ROWS; i++) {
      Reference.checkLayerNorm("row " + i, row(x, i), gamma, beta, 1e-6f, row(y, i));
    }
  }

  @Test
  void softmax() {
    float[] y = run(ops::softmax);
    for (int i = 0; i < ROWS; i++) {
      Reference.checkSoftmax("row " + i, row(x, i), 1, row(y, i));
    }
  }

  @ParameterizedTest
  @EnumSource
  void activation(Activation function) {
    float[] y = run((in, out) -> ops.activation(function, in, out));
    for (int i = 0; i < y.length; i++) {
      double bound = Bounds.activation(function, x[i]);
      Bounds.check("at " + i, y[i], function.applyAsDouble(x[i]), bound);
    }
  }

  @Test
  void scale() {
    float[] y = run((in, out) -> ops.scale(in, 0.3f, out));
    for (int i = 0; i < y.length; i++) {
      Bounds.checkBits("at " + i, y[i], 0.3f * x[i]);
    }
  }

  @Test
  void swiGlu() {
    float[] gated = Samples.normal(ROWS * 2 * DIM, 2);
    Tensor y = Tensors.empty(SHAPE);
    ops.swiGlu(Tensors.of(gated, 2, 5, 2 * DIM), y);
    float[] values = Tensors.values(y);
    for (int i = 0; i < values.length; i++) {
      float gate = gated[i / DIM * 2 * DIM + i % DIM];
      double value = gated[i / DIM * 2 * DIM + DIM + i % DIM];
      double expected = Activation.SILU.applyAsDouble(gate) * value;
      double bound = Bounds.activation(Activation.SILU, gate) * Math.abs(value);
      Bounds.check("at " + i, values[i], expected, bound + Bounds.gamma(1) * Math.abs(expected));
    }
  }

  /** Queries and keys of the last tokens are turned, head by head; nothing else changes. */
  @Test
  void rotate() {
    int heads = 3;
    int width = 10;
    int dim = heads * width;
    float[] qkv = Samples.normal(2 * 5 * 3 * dim, 1);
    float[] angles = Samples.normal(4 * width, 2);
    Tensor joint = Tensors.of(qkv, 2, 5, 3 * dim);
    ops.rotate(joint, heads, Tensors.of(angles, 4, width));
    float[] turned = Tensors.values(joint);
    for (int i = 0; i < qkv.length; i++) {
      int token = i / (3 * dim) % 5;
      int column = i % (3 * dim);
      if (token == 0 || column >= 2 * dim) {
        Bounds.checkBits("at " + i, turned[i], qkv[i]);
        continue;
      }
      int plane = column % width % 5;
      boolean first = column % width < 5;
      double cos = angles[(token - 1) * width + plane];
      double sin = angles[(token - 1) * width + 5 + plane] * (first ? -1 : 1);
      double other = qkv[first ? i + 5 : i - 5];
      double magnitude = Math.abs(qkv[i] * cos) + Math.abs(other * sin);
      double expected = qkv[i] * cos + other * sin;
      Bounds.check("at " + i, turned[i], expected, Bounds.gamma(2) * magnitude);
    }
  }

  @Test
  void addRepeatsAlongOuterAxes() {
    for (int[] dims : new int[][] {{2, 5, 37}, {5, 37}, {37}, {}}) {
      int n = Math.toIntExact(Shape.of(dims).elements());
      float[] addend = Samples.normal(n, 2);
      Tensor y = Tensors.of(x, SHAPE);
      ops.add(Tensors.of(addend, dims), y);
      float[] sum = Tensors.values(y);
      for (int i = 0; i < sum.length; i++) {
        Bounds.checkBits(n + " at " + i, sum[i], x[i] + addend[i % n]);
      }
    }
  }

  @Test
  void scalarsAreRowsOfOne() {
    Tensor scalar = Tensors.of(new float[] {3});
    ops.scale(scalar, 2, scalar);
    ops.add(Tensors.of(new float[] {1}), scalar);
    assertThat(Tensors.values(scalar)).containsExactly(7);
  }

  /** n − 1 additions, the factor 1/n and the product: γ(n+1), one more for the reference. */
  @Test
  void meanRows() {
    for (int from = 0; from < 5; from++) {
      int n = 5 - from;
      Tensor y = Tensors.empty(2, DIM);
      ops.meanRows(Tensors.of(x, SHAPE), from, y);
      float[] means = Tensors.values(y);
      for (int i = 0; i < means.length; i++) {
        double mean = 0;
        double magnitude = 0;
        for (int t = from; t < 5; t++) {
          double value = x[(i / DIM * 5 + t) * DIM + i % DIM];
          mean += value / n;
          magnitude += Math.abs(value) / n;
        }
        Bounds.check("from " + from, means[i], mean, Bounds.gamma(n + 2) * magnitude);
      }
    }
  }
}
