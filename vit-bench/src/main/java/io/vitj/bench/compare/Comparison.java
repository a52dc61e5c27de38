package io.vitj.bench.compare;

import io.vitj.bench.Figure;
import java.util.List;

/**
 * One benchmark of both revisions.
 *
 * @param benchmark its name and parameters
 * @param ratio the median of the ratios: above 1, B is slower
 * @param interval of that median
 * @param verdict what that means
 * @param ratios the time of B over that of A, one a round
 */
record Comparison(
    String benchmark, double ratio, Interval interval, Verdict verdict, List<Double> ratios) {
  /** Smaller changes are not worth a look, and beyond what a machine resolves. */
  static final double RELEVANT = 0.02;

  /** What the ratios say. */
  enum Verdict {
    /** B takes longer. */
    SLOWER,
    /** B takes less time. */
    FASTER,
    /** Nothing that exceeds the noise. */
    SAME
  }

  static Comparison of(String benchmark, List<Double> ratios) {
    double[] numbers = ratios.stream().mapToDouble(Double::doubleValue).toArray();
    double median = Figure.median(numbers);
    Interval interval = Interval.ofMedian(numbers);
    boolean changed = interval.excludes(1) && Math.abs(median - 1) > RELEVANT;
    Verdict otherwise = median > 1 ? Verdict.SLOWER : Verdict.FASTER;
    return new Comparison(
        benchmark, median, interval, changed ? otherwise : Verdict.SAME, List.copyOf(ratios));
  }
}
