package io.vitj.model.draw;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LegendTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 %",
    "0.0000049, 0 %",
    "0.000005, 0.001 %",
    "0.00012, 0.012 %",
    "0.00099, 0.099 %",
    "0.000996, 0.10 %",
    "0.0021, 0.21 %",
    "0.0123, 1.2 %",
    "0.0996, 10 %",
    "0.5, 50 %",
    "1, 100 %",
  })
  void sharesHaveTwoSignificantDigits(double share, String text) {
    assertThat(Legend.percent(share)).isEqualTo(text);
  }

  @Test
  void aRangeHasOneUnit() {
    assertThat(Legend.range(0.0031, 0.012)).isEqualTo("0.31 – 1.2 %");
  }

  @Test
  void theBarGoesFromTheFirstColourToTheLast() {
    Canvas canvas = new Canvas(220, 40, Legend.PAPER);
    Legend.draw(canvas, 10, 4, 200, 0.001, 0.02, ColourMap.VIRIDIS);
    assertThat(canvas.get(10, 4)).isEqualTo(0x440154);
    assertThat(canvas.get(209, 13)).isEqualTo(0xfde725);
    assertThat(canvas.get(9, 4)).isEqualTo(Legend.PAPER);
    assertThat(canvas.get(210, 4)).isEqualTo(Legend.PAPER);
    assertThat(canvas.get(10, 14)).isEqualTo(Legend.PAPER);
  }
}
