package io.vitj.bench.compare;

import java.util.Arrays;

/**
 * An interval for a median.
 *
 * @param low its lower end
 * @param high its upper end
 */
record Interval(double low, double high) {
  /** How often such an interval holds the median, at least. */
  private static final double CONFIDENCE = 0.95;

  /** Fewer numbers have no interval: 1 − 2·2⁻⁵ is below 95 %. */
  static final int LEAST = 6;

  /**
   * The interval that the sign test leaves: from the k-th least to the k-th greatest number, with
   * the largest k for which it holds the median with 95 %. Of n numbers, fewer than k are below the
   * median with the probability P(X &lt; k), X ~ B(n, ½), whatever their distribution.
   *
   * @param numbers at least {@value #LEAST}
   */
  static Interval ofMedian(double... numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double probability = Math.pow(0.5, n); // P(X = 0)
    double below = probability; // P(X < k)
    int k = 0;
    while (1 - 2 * below >= CONFIDENCE) {
      k++;
      probability *= (double) (n - k + 1) / k; // P(X = k)
      below += probability;
    }
    if (k == 0) {
      throw new IllegalArgumentException(n + " numbers have no interval, " + LEAST + " have");
    }
    return new Interval(sorted[k - 1], sorted[n - k]);
  }

  boolean excludes(double number) {
    return number < low || number > high;
  }
}
