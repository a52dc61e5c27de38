package io.vitj.bench.kernel;

import io.vitj.bench.ModelSize;
import io.vitj.bench.OperationState;
import io.vitj.bench.Work;
import io.vitj.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The layer norm before a branch of a block. */
public class LayerNormBenchmark extends OperationState {
  /** (Σx)/D: 1 for each element; x − μ: 1; Σ(…)²: 2; times 1/σ: 1; times γ, plus β: 2. */
  private static final int FLOPS = 7;

  /** The encoder. */
  @Param public ModelSize size;

  /** The images. */
  @Param("1")
  public int batch;

  private Tensor x;
  private Tensor gamma;
  private Tensor beta;
  private float epsilon;
  private Tensor y;

  /** For JMH. */
  public LayerNormBenchmark() {}

  @Override
  protected Work prepareOperands() {
    int width = size.config().width();
    int rows = batch * size.config().tokens();
    x = normal(1, rows, width);
    gamma = normal(1, width);
    beta = normal(1, width);
    epsilon = size.config().layerNormEps();
    y = zeros(rows, width);
    long elements = (long) rows * width;
    return new Work(FLOPS * elements, 2 * Float.BYTES * elements, width);
  }

  @Override
  protected Tensor output() {
    return y;
  }

  /**
   * Normalises.
   *
   * @return y
   */
  @Benchmark
  public Tensor layerNorm() {
    ops().layerNorm(x, gamma, beta, epsilon, y);
    return y;
  }
}
