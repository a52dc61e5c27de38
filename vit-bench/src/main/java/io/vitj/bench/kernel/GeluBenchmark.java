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
    return Work.traffic(2L * Float.BYTES * rows * hidden, ROUNDINGS);
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
