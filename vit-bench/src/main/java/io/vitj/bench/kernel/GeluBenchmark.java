package io.vitj.bench.kernel;

import io.vitj.bench.ModelSize;
import io.vitj.bench.OperationState;
import io.vitj.bench.Work;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.Activation;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The activation of the hidden layer of an MLP, as a pass of its own. */
public class GeluBenchmark extends OperationState {
  /** The order of magnitude of the polynomials' steps. */
  private static final int ROUNDINGS = 32;

  /** The encoder. */
  @Param public ModelSize size;

  /** The images. */
  @Param("1")
  public int batch;

  /** The function. */
  @Param({"GELU_ERF", "GELU_TANH", "QUICK_GELU"})
  public Activation activation;

  private Tensor x;
  private Tensor y;

  /** For JMH. */
  public GeluBenchmark() {}

  @Override
  protected Work prepareOperands() {
    int hidden = size.config().mlpHidden();
    int rows = batch * size.config().tokens();
    x = normal(1, rows, hidden);
    y = zeros(rows, hidden);
    long elements = (long) rows * hidden;
    return new Work(flops(activation) * elements, 2 * Float.BYTES * elements, ROUNDINGS);
  }

  private static int flops(Activation activation) {
    return switch (activation) {
      case GELU_ERF -> 5; // x/√2, erf, 1 + …, x/2, their product
      case GELU_TANH ->
          9; // x², x³, times 0.044715, plus x, times √(2/π), tanh, and the rest as above
      case QUICK_GELU -> 4; // −1.702·x, exp, 1 + …, x/…
      default -> throw new IllegalArgumentException(activation + " is no GELU");
    };
  }

  @Override
  protected Tensor output() {
    return y;
  }

  /**
   * Activates.
   *
   * @return y
   */
  @Benchmark
  public Tensor gelu() {
    ops().activation(activation, x, y);
    return y;
  }
}
