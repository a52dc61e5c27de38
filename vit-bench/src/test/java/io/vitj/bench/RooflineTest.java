package io.vitj.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vitj.bench.kernel.GemmShape;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RooflineTest {
  private static final Roofline ROOF = new Roofline(240, 30);

  @Test
  void isTheLesserOfPeakAndBandwidthTimesIntensity() {
    assertThat(ROOF.ridge()).isEqualTo(8);
    assertThat(ROOF.at(0.5)).isEqualTo(15);
    assertThat(ROOF.at(8)).isEqualTo(240);
    assertThat(ROOF.at(100)).isEqualTo(240);
  }

  /** 2·M·N·K FLOP over 4·(M·K + K·N + M·N) bytes. */
  @Test
  void movesEveryMatrixOnce() {
    Work work = GemmShape.TI16_PROJ.work(197);
    double bytes = 4.0 * (197 * 192 + 192 * 192 + 197 * 192);
    assertThat((double) work.flops() / work.bytes())
        .isCloseTo(2.0 * 197 * 192 * 192 / bytes, within(1e-12));
  }

  @Test
  void saysHowFastMemoryIs() {
    assertThat(Roofline.memory(new TreeMap<>(Map.of(2, 41.25, 1, 28.04))))
        .isEqualTo(" Memory is read at 28.0 GB/s by 1 thread, 41.3 GB/s by 2 threads.");
    assertThat(Roofline.memory(new TreeMap<>())).isEmpty();
  }

  @Test
  void readsMoreThanTheCachesHold() {
    assertThat(MemoryBandwidth.bufferBytes(0)).isEqualTo(128L << 20);
    assertThat(MemoryBandwidth.bufferBytes(64 << 20)).isEqualTo(256L << 20);
    assertThat(MemoryBandwidth.bufferBytes(1L << 30)).isEqualTo(1L << 30);
    assertThat(MemoryBandwidth.of(2)).isPositive().isEqualTo(MemoryBandwidth.of(2));
  }
}
