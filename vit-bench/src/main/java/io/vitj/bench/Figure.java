package io.vitj.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * A number measured several times.
 *
 * @param median the median of all
 * @param low the least
 * @param high the greatest
 * @param all in the order of measurement
 */
record Figure(double median, double low, double high, List<Double> all) {
  /** Summarises at least one number. */
  static Figure of(Collection<Double> numbers) {
    double[] sorted = numbers.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return new Figure(median(sorted), sorted[0], sorted[sorted.length - 1], List.copyOf(numbers));
  }

  /** The median of at least one number: of two in the middle, their mean. */
  static double median(double... numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  /** The range in relation to the median. */
  double spread() {
    return (high - low) / median;
  }
}
