package io.vitj.cli;

import java.util.Arrays;

/**
 * Exact percentiles of a set of measured times. With some hundred samples all of them fit, so there
 * is nothing to approximate with a histogram.
 */
final class Latencies {
  private final long[] sorted;

  /**
   * Sorts the samples.
   *
   * @param nanos the measured times; at least one
   */
  Latencies(long... nanos) {
    if (nanos.length == 0) {
      throw new IllegalArgumentException("no samples");
    }
    sorted = nanos.clone();
    Arrays.sort(sorted);
  }

  /**
   * Returns the smallest sample that at least so many percent of all samples do not exceed (the
   * nearest-rank definition).
   *
   * @param percent above 0, up to 100
   * @return milliseconds
   */
  double percentile(double percent) {
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.max(rank, 1) - 1] / 1e6;
  }

  /**
   * Returns the mean.
   *
   * @return milliseconds
   */
  double mean() {
    return Arrays.stream(sorted).average().orElseThrow() / 1e6;
  }
}
