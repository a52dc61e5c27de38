package io.vitj.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/**
 * One benchmark with one set of parameters on one provider. The figures have one number a fork, the
 * median of its iterations; those that do not apply are null.
 *
 * @param benchmark package, class and method
 * @param parameters names and values
 * @param kernels the provider
 * @param micros the time of an operation in µs; of an iteration, the median
 * @param gflops the rate of floating-point operations in GFLOP/s
 * @param peak the FMA peak of as many cores around the iterations, in GFLOP/s
 * @param share the rate over the peak around the same iteration, in %
 * @param gigabytes the rate of the least memory traffic in GB/s
 * @param bandwidth the rate that as many cores read memory at in the same JVM, in GB/s
 * @param heapBytes what an operation allocates on the heap
 */
record Measurement(
    String benchmark,
    Map<String, String> parameters,
    String kernels,
    Figure micros,
    Figure gflops,
    Figure peak,
    Figure share,
    Figure gigabytes,
    Figure bandwidth,
    Figure heapBytes) {

  static Measurement of(RunResult result, String kernels) {
    BenchmarkParams params = result.getParams();
    Map<String, String> parameters = new TreeMap<>();
    params.getParamsKeys().forEach(name -> parameters.put(name, params.getParam(name)));
    double micros = TimeUnit.NANOSECONDS.convert(1, params.getTimeUnit()) / 1e3;
    String root = Measurement.class.getPackageName() + '.';
    return new Measurement(
        params.getBenchmark().substring(root.length()),
        parameters,
        kernels,
        figure(result, i -> micros * i.getPrimaryResult().getStatistics().getPercentile(50)),
        secondary(result, RateProfiler.FLOPS),
        secondary(result, RateProfiler.PEAK),
        secondary(result, RateProfiler.SHARE),
        secondary(result, RateProfiler.TRAFFIC),
        secondary(result, RateProfiler.BANDWIDTH),
        secondary(result, "gc.alloc.rate.norm"));
  }

  /** What ran: {@code layer norm} of {@code kernel.LayerNormBenchmark.layerNorm}. */
  String operation() {
    return benchmark
        .substring(benchmark.lastIndexOf('.') + 1)
        .replaceAll("(\\p{Lu})", " $1")
        .toLowerCase(Locale.ROOT);
  }

  private static Figure secondary(RunResult result, String label) {
    return result.getSecondaryResults().containsKey(label)
        ? figure(result, iteration -> iteration.getSecondaryResults().get(label).getScore())
        : null;
  }

  private static Figure figure(RunResult result, ToDoubleFunction<IterationResult> value) {
    List<Double> forks = new ArrayList<>();
    for (BenchmarkResult fork : result.getBenchmarkResults()) {
      double[] iterations = fork.getIterationResults().stream().mapToDouble(value).toArray();
      forks.add(Figure.median(iterations));
    }
    return Figure.of(forks);
  }
}
