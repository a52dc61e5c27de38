package io.vitj.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PeerChartsTest {
  @Test
  void namesModelsWithAsManyDigitsAsSaySomething() {
    assertThat(PeerCharts.category("Ti/16", 6.914)).isEqualTo("Ti/16 (vitj: 6.91 ms)");
    assertThat(PeerCharts.category("B/16", 73.27)).isEqualTo("B/16 (vitj: 73.3 ms)");
    assertThat(PeerCharts.category("L/16", 1293.4)).isEqualTo("L/16 (vitj: 1293 ms)");
  }
}
