package io.vitj.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vitj.bench.Quartiles;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerReportTest {
  private static Standing standing(String engine, Quartiles ratio) {
    return new Standing(
        engine,
        "1.2",
        2e-6,
        new Quartiles(80, 81.25, 90),
        ratio,
        1.256,
        ratio == null ? null : 0.5,
        215.4,
        89.75,
        392.4,
        812.4,
        List.of(81.0),
        null,
        null);
  }

  @Test
  void showsMeasuredAndFailedEngines() {
    List<Standing> standings =
        List.of(
            standing("vitj", null),
            standing("onnxruntime-java-int8", new Quartiles(0.8, 0.85, 0.9)),
            Standing.failed("third", "third: is not there"));
    CaseResult one =
        new CaseResult(
            Job.Kind.MODEL, "B/16", 224, 1, 2, 35_000_000_000L, 0, 480, 24.52, 0.654, standings);
    assertThat(new PeerReport(3, List.of(one)).markdown())
        .contains("largest value, of onnxruntime-java-int8 1e-01. In each of 3 rounds")
        .contains(
            "| B/16 | 224 | 1 | 2 | vitj | 81.3 (80.0–90.0) |  | 1.26 |  | 215 | 90 % | 392 | 812 |"
                + " 2e-06 |")
        .contains(
            "| onnxruntime-java-int8 | 81.3 (80.0–90.0) | 0.850 (0.800–0.900) | 1.26 | 0.50 | 215")
        .contains("another process computed")
        .contains("- the neighbour had 65 % of a core, B/16, 224 pixels, batch 1, threads 2\n")
        .contains("- onnxruntime-java-int8: 1.2\n")
        .contains("- not measured, B/16, 224 pixels, batch 1, threads 2: third: is not there\n");
  }

  @Test
  void measuresDifferencesByTheLargestValue() {
    assertThat(Contestant.difference(new float[] {1, -4}, new float[] {1.5f, -4}))
        .isEqualTo(0.125, within(1e-9));
    assertThat(Contestant.difference(new float[] {1, Float.NaN}, new float[] {1, 2})).isNaN();
    assertThat(Contestant.difference(new float[] {1}, new float[] {1, 2})).isNaN();
  }

  @Test
  void relatesRoundByRoundAndTheTailToTheMedian() {
    assertThat(Contestant.ratios(List.of(1.0, 2.0), List.of(2.0, 1.0))).containsExactly(0.5, 2.0);
    List<Double> latencies = new ArrayList<>();
    for (int i = 0; i <= 100; i++) {
      latencies.add(2.0 + i);
    }
    assertThat(Contestant.tail(latencies)).isEqualTo(101.0 / 52, within(1e-12));
  }
}
