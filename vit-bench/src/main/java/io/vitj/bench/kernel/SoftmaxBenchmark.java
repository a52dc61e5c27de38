package io.vitj.bench.kernel;

import io.vitj.bench.ModelSize;
import io.vitj.bench.OperationState;
import io.vitj.bench.Work;
import io.vitj.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The softmax of the attention scores of all heads, as a pass of its own. */
public class SoftmaxBenchmark extends OperationState {
  /** Maximum, difference from it, exponential, sum and quotient: 1 each for an element. */
  private static final int FLOPS = 5;

  /** The encoder. */
  @Param public ModelSize size;

  /** The images. */
  @Param("1")
  public int batch;

  private Tensor x;
  private Tensor y;

  /** For JMH. */
  public SoftmaxBenchmark() {}

  @Override
  protected Work prepareOperands() {
    int tokens = size.config().tokens();
    int rows = batch * size.config().heads() * tokens;
    x = normal(1, rows, tokens);
    y = zeros(rows, tokens);
    long elements = (long) rows * tokens;
    return new Work(FLOPS * elements, 2 * Float.BYTES * elements, tokens);
  }

  @Override
  protected Tensor output() {
    return y;
  }

  /**
   * Takes the softmax of every row.
   *
   * @return y
   */
  @Benchmark
  public Tensor softmax() {
    ops().softmax(x, y);
    return y;
  }
}
