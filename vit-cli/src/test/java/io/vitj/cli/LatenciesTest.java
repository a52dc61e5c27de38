package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void percentilesAreSamplesByNearestRank() {
    long[] hundred = LongStream.rangeClosed(1, 100).map(ms -> (101 - ms) * 1_000_000).toArray();
    Latencies latencies = new Latencies(hundred);
    assertThat(latencies.percentile(50)).isEqualTo(50);
    assertThat(latencies.percentile(90)).isEqualTo(90);
    assertThat(latencies.percentile(99)).isEqualTo(99);
    assertThat(latencies.percentile(100)).isEqualTo(100);
    assertThat(latencies.mean()).isEqualTo(50.5);
  }

  @Test
  void oneSampleIsEveryPercentile() {
    Latencies latencies = new Latencies(2_500_000);
    assertThat(latencies.percentile(1)).isEqualTo(2.5);
    assertThat(latencies.percentile(99)).isEqualTo(2.5);
  }
}
