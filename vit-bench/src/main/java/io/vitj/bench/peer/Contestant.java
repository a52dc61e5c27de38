package io.vitj.bench.peer;

import io.vitj.bench.Figure;
import io.vitj.bench.Quartiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** An engine in a contest, and what it did so far. */
final class Contestant implements AutoCloseable {
  private static final double MILLI = 1e-6; // ns → ms

  private final EngineKind kind;
  private final WorkerProcess worker;
  private final List<Double> latencies = new ArrayList<>();
  private final List<Double> turns = new ArrayList<>();
  private float[] output;
  private double difference;
  private double nanos;
  private Double memory;
  private Double peakMemory;

  Contestant(EngineKind kind, WorkerProcess worker) {
    this.kind = kind;
    this.worker = worker;
  }

  EngineKind kind() {
    return kind;
  }

  /** Computes once, and fails if another computed something else. */
  void compare(Contestant reference) throws EngineFailure {
    output = worker.check();
    worker.settle();
    difference = difference(output, reference.output);
    if (!(difference <= kind.tolerance())) {
      throw new EngineFailure(
          kind.id(),
          String.format(
              Locale.ROOT,
              "its output differs from that of %s by %.1e of the largest value, more than %.0e",
              reference.kind.id(),
              difference,
              kind.tolerance()));
    }
  }

  /** The largest difference over the largest value; NaN if one is not finite. */
  static double difference(float[] actual, float[] expected) {
    if (actual.length != expected.length) {
      return Double.NaN;
    }
    double largest = 0;
    double sum = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]));
      sum += actual[i];
    }
    return Double.isFinite(sum) ? difference / largest : Double.NaN;
  }

  /** Computes for a while, and finds out how long it takes. */
  void warmUp(Effort effort) throws EngineFailure {
    double spent = 0;
    for (int i = 0; i < Effort.LEAST_WARMUP || spent < effort.warmup().toNanos(); i++) {
      nanos = worker.run(1)[0];
      spent += nanos;
    }
    nanos = Figure.median(doubles(worker.run(Effort.LEAST_WARMUP)));
    worker.settle();
  }

  /** Has its turn in a round. */
  void turn(Effort effort) throws EngineFailure {
    int settling = effort.settlingPasses(nanos);
    double[] all = doubles(worker.run(settling + effort.passes(nanos)));
    double[] counted = Arrays.copyOfRange(all, settling, all.length);
    worker.settle();
    Arrays.stream(counted).forEach(latency -> latencies.add(MILLI * latency));
    turns.add(MILLI * Figure.median(counted));
  }

  private static double[] doubles(long[] values) {
    return Arrays.stream(values).asDoubleStream().toArray();
  }

  /** Looks at its memory, while it is still there. */
  void weigh() throws EngineFailure {
    worker.tidy();
    memory = worker.memory().orElse(null);
    peakMemory = worker.peakMemory().orElse(null);
  }

  /**
   * Returns how it did, in relation to a reference that has had as many turns, or to none.
   *
   * @param reference the engine to relate to; null for none
   * @param flops the operations of a pass
   * @param peak the FMA peak in GFLOP/s
   * @param allPasses whether to keep the latency of every pass
   */
  Standing standing(Contestant reference, long flops, double peak, boolean allPasses) {
    Quartiles millis = quartiles(latencies);
    double gflops = flops / (millis.median() / MILLI);
    boolean related = reference != null && reference != this;
    return new Standing(
        kind.id(),
        worker.version(),
        difference,
        millis,
        related ? quartiles(ratios(reference.turns, turns)) : null,
        tail(latencies),
        related ? Double.valueOf(tail(reference.latencies) / tail(latencies)) : null,
        gflops,
        100 * gflops / peak,
        memory,
        peakMemory,
        List.copyOf(turns),
        allPasses ? List.copyOf(latencies) : null,
        null);
  }

  /** Divides round by round. */
  static List<Double> ratios(List<Double> numerators, List<Double> denominators) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < numerators.size(); i++) {
      ratios.add(numerators.get(i) / denominators.get(i));
    }
    return ratios;
  }

  /** How much longer the slowest of a hundred takes than most: the 99th percentile / the median. */
  static double tail(List<Double> latencies) {
    double[] numbers = array(latencies);
    return Quartiles.quantile(0.99, numbers) / Quartiles.quantile(0.5, numbers);
  }

  private static Quartiles quartiles(List<Double> numbers) {
    return Quartiles.of(array(numbers));
  }

  private static double[] array(List<Double> numbers) {
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Override
  public void close() {
    worker.close();
  }
}
