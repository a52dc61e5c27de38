package io.vitj.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * The middle half of some numbers.
 *
 * @param lower a quarter of the numbers is below
 * @param median half of them
 * @param upper three quarters
 */
public record Quartiles(double lower, double median, double upper) {
  /**
   * Summarises numbers, with linear interpolation between two in order (type 7 of Hyndman and Fan,
   * "Sample Quantiles in Statistical Packages", 1996; R's and NumPy's default).
   *
   * @param numbers at least one
   * @return their quartiles
   */
  public static Quartiles of(double... numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return new Quartiles(quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75));
  }

  /**
   * Finds what a share of some numbers is below, as {@link #of} does.
   *
   * @param share from 0 to 1, such as 0.99
   * @param numbers at least one
   * @return the quantile
   */
  public static double quantile(double share, double... numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return quantile(sorted, share);
  }

  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /**
   * Writes median and quartiles.
   *
   * @param format of each number, such as {@code %.2f}
   * @return {@code median (lower–upper)}
   */
  public String text(String format) {
    String all = format + " (" + format + '–' + format + ')';
    return String.format(Locale.ROOT, all, median, lower, upper);
  }
}
