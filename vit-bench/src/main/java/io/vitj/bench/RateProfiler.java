package io.vitj.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Turns times into rates: GFLOP/s, their share of the FMA peak, GB/s. Next to them it measures what
 * memory can do, once in a JVM. The peak is measured right before and after every iteration, in the
 * same process and on as many threads, because on a shared machine it is not the same from one
 * second to the next.
 */
public final class RateProfiler implements InternalProfiler {
  static final String PEAK = "fma.peak";
  static final String FLOPS = "flop.rate";
  static final String SHARE = "flop.share";
  static final String TRAFFIC = "memory.rate";
  static final String BANDWIDTH = "memory.peak";

  private double peakBefore;

  /** For JMH. */
  public RateProfiler() {}

  @Override
  public String getDescription() {
    return "GFLOP/s, FMA peak, GB/s and memory bandwidth of each iteration";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    peakBefore = FmaPeak.measure(threads(benchmark));
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    double peak = (peakBefore + FmaPeak.measure(threads(benchmark))) / 2;
    double nanos =
        result.getPrimaryResult().getStatistics().getPercentile(50)
            * TimeUnit.NANOSECONDS.convert(1, benchmark.getTimeUnit());
    Work work = CurrentWork.get();
    List<Result<?>> rates = new ArrayList<>();
    if (work.flops() > 0) {
      rates.add(rate(PEAK, peak, "GFLOP/s"));
      rates.add(rate(FLOPS, work.flops() / nanos, "GFLOP/s"));
      rates.add(rate(SHARE, 100 * work.flops() / nanos / peak, "%"));
    }
    if (work.bytes() > 0) {
      rates.add(rate(TRAFFIC, work.bytes() / nanos, "GB/s"));
      rates.add(rate(BANDWIDTH, MemoryBandwidth.of(threads(benchmark)), "GB/s"));
    }
    return rates;
  }

  private static int threads(BenchmarkParams benchmark) {
    return Integer.parseInt(benchmark.getParam("threads"));
  }

  private static ScalarResult rate(String label, double value, String unit) {
    return new ScalarResult(label, value, unit, AggregationPolicy.AVG);
  }
}
