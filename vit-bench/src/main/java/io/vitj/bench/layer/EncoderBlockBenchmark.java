package io.vitj.bench.layer;

import io.vitj.bench.Work;
import io.vitj.model.ViTConfig;
import io.vitj.nn.EncoderBlock;
import io.vitj.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;

/** One encoder block. */
public class EncoderBlockBenchmark extends LayerState {
  private EncoderBlock block;

  /** For JMH. */
  public EncoderBlockBenchmark() {}

  @Override
  protected Work prepareLayer(ViTConfig config) {
    block = new EncoderBlock(norm(config), attention(config), norm(config), mlp(config));
    Work attention = attentionWork(config);
    Work mlp = mlpWork(config);
    return Work.arithmetic(
        attention.flops() + mlp.flops(), attention.roundings() + mlp.roundings());
  }

  /**
   * Runs the block.
   *
   * @return x
   */
  @Benchmark
  public Tensor forward() {
    block.forward(context(), x());
    return x();
  }
}
