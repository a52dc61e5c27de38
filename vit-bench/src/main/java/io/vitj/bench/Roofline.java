package io.vitj.bench;

import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * What a machine can reach at best, by arithmetic intensity: floating-point operations for each
 * byte that must be moved (Williams, Waterman and Patterson, 2009, "Roofline: An Insightful Visual
 * Performance Model for Multicore Architectures"). Operands in a cache can exceed the slope.
 *
 * @param peak the FMA peak in GFLOP/s
 * @param bandwidth the memory bandwidth in GB/s
 */
public record Roofline(double peak, double bandwidth) {
  /**
   * Returns the bound.
   *
   * @param intensity FLOP per byte
   * @return min(peak, bandwidth · intensity) in GFLOP/s
   */
  public double at(double intensity) {
    return Math.min(peak, bandwidth * intensity);
  }

  /**
   * Returns where the slope ends.
   *
   * @return the least intensity that the peak can be reached with, in FLOP per byte
   */
  public double ridge() {
    return peak / bandwidth;
  }

  /**
   * Says how fast memory was in a run.
   *
   * @param bandwidths GB/s by number of threads
   * @return one sentence after a space; nothing where none was measured
   */
  public static String memory(SortedMap<Integer, Double> bandwidths) {
    return bandwidths.isEmpty()
        ? ""
        : bandwidths.entrySet().stream()
            .map(Roofline::threads)
            .collect(Collectors.joining(", ", " Memory is read at ", "."));
  }

  private static String threads(Map.Entry<Integer, Double> bandwidth) {
    int threads = bandwidth.getKey();
    return String.format(
        Locale.ROOT,
        "%.1f GB/s by %d thread%s",
        bandwidth.getValue(),
        threads,
        threads == 1 ? "" : "s");
  }
}
