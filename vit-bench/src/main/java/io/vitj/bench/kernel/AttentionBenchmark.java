package io.vitj.bench.kernel;

import io.vitj.bench.ModelSize;
import io.vitj.bench.OperationState;
import io.vitj.bench.Work;
import io.vitj.model.ViTConfig;
import io.vitj.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Attention over the heads of joint queries, keys and values, without its projections. */
public class AttentionBenchmark extends OperationState {
  /** The encoder. */
  @Param public ModelSize size;

  /** The images. */
  @Param("1")
  public int batch;

  /** The tokens of an image: 224, 512 and 1024 pixels in patches of 16. */
  @Param("197")
  public int tokens;

  private Tensor qkv;
  private int heads;
  private float scale;
  private Tensor y;

  /** For JMH. */
  public AttentionBenchmark() {}

  @Override
  protected Work prepareOperands() {
    ViTConfig config = size.config();
    heads = config.heads();
    scale = (float) (1 / Math.sqrt(config.headWidth()));
    qkv = normal(1, batch, tokens, 3 * config.width());
    y = zeros(batch, tokens, config.width());
    long products = 2L * batch * tokens * tokens * config.width(); // Q·Kᵀ and P·V
    long floats = 4L * batch * tokens * config.width(); // queries, keys, values; result
    return new Work(2 * products, Float.BYTES * floats, config.headWidth() + tokens);
  }

  @Override
  protected Tensor output() {
    return y;
  }

  /**
   * Attends.
   *
   * @return y
   */
  @Benchmark
  public Tensor attention() {
    ops().attention(qkv, heads, scale, null, y, null);
    return y;
  }
}
