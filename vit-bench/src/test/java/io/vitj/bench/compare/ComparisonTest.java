package io.vitj.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.bench.compare.Comparison.Verdict;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static Interval ofOneTo(int n) {
    return Interval.ofMedian(IntStream.rangeClosed(1, n).asDoubleStream().toArray());
  }

  /** Ranks from the table of the sign test (Conover, "Practical Nonparametric Statistics"). */
  @Test
  void intervalsHoldTheMedianWith95Percent() {
    assertThat(ofOneTo(6)).isEqualTo(new Interval(1, 6));
    assertThat(ofOneTo(8)).isEqualTo(new Interval(1, 8));
    assertThat(ofOneTo(9)).isEqualTo(new Interval(2, 8));
    assertThat(ofOneTo(10)).isEqualTo(new Interval(2, 9));
    assertThat(ofOneTo(20)).isEqualTo(new Interval(6, 15));
    assertThatThrownBy(() -> ofOneTo(5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("5 numbers have no interval, 6 have");
  }

  private static Verdict verdict(List<Double> ratios) {
    return Comparison.of("b", ratios).verdict();
  }

  @Test
  void flagsOnlyWhatExceedsTheNoiseAndTwoPercent() {
    assertThat(verdict(Collections.nCopies(10, 1.05))).isEqualTo(Verdict.SLOWER);
    assertThat(verdict(Collections.nCopies(10, 0.95))).isEqualTo(Verdict.FASTER);
    // certain, but small
    assertThat(verdict(Collections.nCopies(10, 1.015))).isEqualTo(Verdict.SAME);
    // large, but two of ten say the opposite
    List<Double> noisy = List.of(1.1, 1.2, 1.1, 0.9, 1.3, 1.1, 0.95, 1.2, 1.1, 1.1);
    assertThat(verdict(noisy)).isEqualTo(Verdict.SAME);
    // one of ten does
    List<Double> outlier = List.of(1.1, 1.2, 1.1, 0.9, 1.3, 1.1, 1.15, 1.2, 1.1, 1.1);
    assertThat(verdict(outlier)).isEqualTo(Verdict.SLOWER);
  }
}
