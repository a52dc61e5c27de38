package io.vitj.bench.kernel;

import io.vitj.bench.ModelSize;
import io.vitj.bench.OperationState;
import io.vitj.bench.Work;
import io.vitj.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The layer norm before a branch of a block. */
public class LayerNormBenchmark extends OperationState {
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
    return Work.traffic(2L * Float.BYTES * rows * width, width);
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
