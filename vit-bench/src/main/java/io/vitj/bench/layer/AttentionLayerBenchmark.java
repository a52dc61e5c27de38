package io.vitj.bench.layer;

import io.vitj.bench.Work;
import io.vitj.model.ViTConfig;
import io.vitj.nn.Attention;
import io.vitj.nn.LayerNorm;
import io.vitj.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;

/** The first branch of a block: x + MSA(LN(x)). */
public class AttentionLayerBenchmark extends LayerState {
  private LayerNorm norm;
  private Attention attention;

  /** For JMH. */
  public AttentionLayerBenchmark() {}

  @Override
  protected Work prepareLayer(ViTConfig config) {
    norm = norm(config);
    attention = attention(config);
    return attentionWork(config);
  }

  /**
   * Runs the branch.
   *
   * @return x
   */
  @Benchmark
  public Tensor forward() {
    norm.forward(context(), x(), context().normed());
    attention.addTo(context(), context().normed(), context(), x());
    return x();
  }
}
