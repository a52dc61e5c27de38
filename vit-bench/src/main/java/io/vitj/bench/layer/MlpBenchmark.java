package io.vitj.bench.layer;

import io.vitj.bench.Work;
import io.vitj.model.ViTConfig;
import io.vitj.nn.LayerNorm;
import io.vitj.nn.Mlp;
import io.vitj.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;

/** The second branch of a block: x + MLP(LN(x)). */
public class MlpBenchmark extends LayerState {
  private LayerNorm norm;
  private Mlp mlp;

  /** For JMH. */
  public MlpBenchmark() {}

  @Override
  protected Work prepareLayer(ViTConfig config) {
    norm = norm(config);
    mlp = mlp(config);
    return mlpWork(config);
  }

  /**
   * Runs the branch.
   *
   * @return x
   */
  @Benchmark
  public Tensor forward() {
    norm.forward(context(), x(), context().normed());
    mlp.addTo(context(), context().normed(), x());
    return x();
  }
}
