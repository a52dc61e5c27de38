package io.vitj.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.tensor.kernel.Activation;
import io.vitj.tensor.kernel.Bounds;
import io.vitj.tensor.kernel.KernelProvider;
import io.vitj.tensor.kernel.OnProcessorWidth;
import io.vitj.tensor.kernel.PackedMatrix;
import io.vitj.tensor.kernel.Samples;
import io.vitj.tensor.parallel.Parallel;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Linear layers against sums in double precision. */
@OnProcessorWidth
class LinearConformanceTest {
  /** No activation function is steeper: GELU has 1.129. */
  private static final double STEEPEST = 1.13;

  private static final Parallel PARALLEL = Parallel.owned(2);

  private final Arena arena = Arena.ofAuto();
  private final TensorOps ops = new TensorOps(arena, PARALLEL);

  @AfterAll
  static void close() {
    PARALLEL.close();
  }

  @Test
  void takesAwkwardSizes() {
    int panel = KernelProvider.kernels().blocking().tileColumns();
    for (int outputs : new int[] {1, 2, panel - 1, panel, panel + 1, 2 * panel + 7}) {
      for (int rows : new int[] {1, 2, 7, 8, 9, 37}) {
        new Layer(rows, 13, outputs, true).checkLinear(Activation.NONE);
        new Layer(rows, 13, outputs, true).checkLinearAdd();
      }
    }
  }

  @Test
  void takesMoreThanOneBlockOfDepthAndRows() {
    int depth = KernelProvider.kernels().blocking().depth();
    int rows = KernelProvider.kernels().blocking().blockRows();
    for (int inputs : new int[] {1, depth, depth + 1, 2 * depth + 5}) {
      new Layer(5, inputs, 11, true).checkLinear(Activation.GELU_ERF);
      new Layer(5, inputs, 11, true).checkLinearAdd();
    }
    new Layer(rows + 1, 3, 70, true).checkLinear(Activation.NONE);
    new Layer(2 * rows + 1, 5, 2, true).checkLinearAdd();
  }

  @ParameterizedTest
  @EnumSource
  void appliesTheActivation(Activation function) {
    new Layer(21, 40, 53, true).checkLinear(function);
    new Layer(21, 40, 53, false).checkLinear(function);
  }

  @Test
  void noBiasIsABiasOfZero() {
    new Layer(7, 16, 33, false).checkLinear(Activation.NONE);
    new Layer(7, 16, 33, false).checkLinearAdd();
  }

  @Test
  void takesNoRows() {
    Tensor weight = Tensors.of(Samples.normal(12, 1), 4, 3);
    ops.linear(
        Tensors.empty(0, 3),
        PackedMatrix.pack(arena, weight, null),
        Tensors.empty(0, 4),
        Activation.NONE);
  }

  /** Over odd and even depths, blocks and panels. */
  @Test
  void weightsOfSixteenBitsAreRoundedAndNothingElse() {
    int depth = KernelProvider.kernels().blocking().depth();
    for (int inputs : new int[] {1, 2, 13, depth, depth + 1, depth + 2, 2 * depth + 5}) {
      for (int outputs : new int[] {1, 53}) {
        sixteenBits(9, inputs, outputs);
        sixteenBits(20, inputs, outputs);
        sixteenBits(37, inputs, outputs);
      }
    }
  }

  private void sixteenBits(int rows, int inputs, int outputs) {
    float[] weight = Samples.normal(outputs * inputs, 2);
    Tensor exact = Tensors.of(weight, outputs, inputs);
    for (int i = 0; i < weight.length; i++) {
      weight[i] = HalfFloat.bf16(HalfFloat.bf16(weight[i]));
    }
    Tensor rounded = Tensors.of(weight, outputs, inputs);
    Tensor bias = Tensors.of(Samples.normal(outputs, 3), outputs);
    Tensor x = Tensors.of(Samples.normal(rows * inputs, 1), rows, inputs);
    assertThat(product(x, PackedMatrix.pack(arena, exact, bias, DType.BF16)))
        .isEqualTo(product(x, PackedMatrix.pack(arena, rounded, bias)));
  }

  private float[] product(Tensor x, PackedMatrix w) {
    Tensor y = Tensors.empty(x.shape().rows(), w.outputs());
    ops.linear(x, w, y, Activation.NONE);
    ops.linearAdd(x, w, y);
    return Tensors.values(y);
  }

  private final class Layer {
    private final int rows;
    private final int inputs;
    private final int outputs;
    private final float[] x;
    private final float[] weight;
    private final float[] bias;
    private final PackedMatrix packed;

    Layer(int rows, int inputs, int outputs, boolean biased) {
      this.rows = rows;
      this.inputs = inputs;
      this.outputs = outputs;
      x = Samples.normal(rows * inputs, 1);
      weight = Samples.normal(outputs * inputs, 2);
      bias = biased ? Samples.normal(outputs, 3) : new float[outputs];
      packed =
          PackedMatrix.pack(
              arena,
              Tensors.of(weight, outputs, inputs),
              biased ? Tensors.of(bias, outputs) : null);
    }

    void checkLinear(Activation function) {
      Tensor y = Tensors.empty(1, rows, outputs);
      ops.linear(Tensors.of(x, 1, rows, inputs), packed, y, function);
      check(Tensors.values(y), new float[rows * outputs], function);
    }

    void checkLinearAdd() {
      float[] before = Samples.normal(rows * outputs, 4);
      Tensor y = Tensors.of(before, rows, outputs);
      ops.linearAdd(Tensors.of(x, rows, inputs), packed, y);
      check(Tensors.values(y), before, Activation.NONE);
    }

    /**
     * The sum is off by e ≤ γ(k+3)·Σ|addends|, as in a tile; the activation takes that times its
     * slope and adds its own error.
     */
    private void check(float[] y, float[] before, Activation function) {
      String what = "%d×%d×%d %s".formatted(rows, inputs, outputs, function);
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < outputs; j++) {
          double sum = (double) before[i * outputs + j] + bias[j];
          double magnitude = Math.abs(before[i * outputs + j]) + Math.abs(bias[j]);
          for (int p = 0; p < inputs; p++) {
            double product = (double) x[i * inputs + p] * weight[j * inputs + p];
            sum += product;
            magnitude += Math.abs(product);
          }
          double error = Bounds.gamma(inputs + 3) * magnitude;
          double bound = STEEPEST * error + 1.01 * Bounds.activation(function, sum);
          Bounds.check(what, y[i * outputs + j], function.applyAsDouble(sum), bound);
        }
      }
    }
  }
}
