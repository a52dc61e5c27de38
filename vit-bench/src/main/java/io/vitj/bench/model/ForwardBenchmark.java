package io.vitj.bench.model;

import io.vitj.bench.BenchmarkState;
import io.vitj.bench.ModelSize;
import io.vitj.bench.Work;
import io.vitj.model.Session;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTWeights;
import io.vitj.model.VisionTransformer;
import io.vitj.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Warmup;

/** A forward pass of a warm session, from pixels to logits, with random weights. */
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 2)
public class ForwardBenchmark extends BenchmarkState {
  private static final long SEED = 42;

  /** The model. */
  @Param public ModelSize size;

  /** The images. */
  @Param({"1", "8"})
  public int batch;

  private Tensor pixels;
  private Session session;

  /** For JMH. */
  public ForwardBenchmark() {}

  @Override
  protected Work prepare() {
    ViTConfig config = size.config();
    VisionTransformer model = VisionTransformer.of(ViTWeights.random(config, SEED), arena());
    pixels = normal(1, batch, config.channels(), config.imageHeight(), config.imageWidth());
    session = new Session(model, parallel(), batch);
    return work(config);
  }

  private Work work(ViTConfig config) {
    long sums = 4L * config.width() + config.mlpHidden() + config.headWidth() + config.tokens();
    return Work.arithmetic(session.flops(), config.depth() * sums);
  }

  @Override
  protected Tensor output() {
    return session.logits();
  }

  @Override
  protected void release() {
    session.close();
  }

  /**
   * Classifies the images.
   *
   * @return the logits
   */
  @Benchmark
  public Tensor forward() {
    session.input().copyFrom(pixels);
    session.run();
    return session.logits();
  }
}
