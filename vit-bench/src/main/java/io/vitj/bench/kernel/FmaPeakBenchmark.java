package io.vitj.bench.kernel;

import io.vitj.bench.BenchmarkState;
import io.vitj.bench.FmaPeak;
import io.vitj.bench.Work;
import io.vitj.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;

/** The FMA peak of one core at the vector width of the kernels. */
public class FmaPeakBenchmark extends BenchmarkState {
  private float sum;

  /** For JMH. */
  public FmaPeakBenchmark() {}

  @Override
  protected Work prepare() {
    return Work.arithmetic(FmaPeak.FLOPS, 1);
  }

  @Override
  protected Tensor output() {
    return zeros(1).copyFrom(new float[] {sum});
  }

  /**
   * Runs the loop.
   *
   * @return what it computes
   */
  @Benchmark
  public float fma() {
    sum = FmaPeak.run();
    return sum;
  }
}
