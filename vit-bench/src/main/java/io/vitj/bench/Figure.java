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
public record Figure(double median, double low, double high, List<Double> all) {
  /**
   * Summarises numbers.
   *
   * @param numbers at least one
   * @return the summary
   */
  public static Figure of(Collection<Double> numbers) {
    double[] sorted = numbers.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return new Figure(median(sorted), sorted[0], sorted[sorted.length - 1], List.copyOf(numbers));
  }

  /**
   * Finds the median; of two in the middle, their mean.
   *
   * @param numbers at least one
   * @return the median
   */
  public static double median(double... numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  /**
   * Relates the range to the median.
   *
   * @return (high − low) / median
   */
  public double spread() {
    return (high - low) / median;
  }
}
