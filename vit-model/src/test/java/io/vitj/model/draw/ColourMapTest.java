package io.vitj.model.draw;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ColourMapTest {
  /** Entries of the published tables of 256 colours, by their number. */
  @ParameterizedTest
  @CsvSource({
    "VIRIDIS, 0, 440154", "VIRIDIS, 50, 414287", "VIRIDIS, 100, 2a768e", "VIRIDIS, 128, 21918c",
    "VIRIDIS, 200, 70cf57", "VIRIDIS, 255, fde725", "INFERNO, 0, 000004", "INFERNO, 50, 400a67",
    "INFERNO, 100, 902568", "INFERNO, 200, fb9d07", "INFERNO, 254, fafda1", "INFERNO, 255, fcffa4",
    "MAGMA, 1, 010005", "MAGMA, 50, 390f6e", "MAGMA, 128, b73779", "MAGMA, 200, fd9869",
    "MAGMA, 255, fcfdbf", "GREY, 0, 000000", "GREY, 51, 333333", "GREY, 255, ffffff",
  })
  void isCloseToThePublishedTable(ColourMap map, int number, String hex) {
    int expected = Integer.parseInt(hex, 16);
    int actual = map.rgb(number / 255.0);
    for (int shift = 0; shift <= 16; shift += 8) {
      int difference = (actual >> shift & 0xff) - (expected >> shift & 0xff);
      assertThat(Math.abs(difference)).isLessThanOrEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void growsLighterAllTheWay(ColourMap map) {
    double before = -1;
    for (int i = 0; i <= 64; i++) {
      int rgb = map.rgb(i / 64.0);
      double luma = 0.299 * (rgb >> 16) + 0.587 * (rgb >> 8 & 0xff) + 0.114 * (rgb & 0xff);
      assertThat(luma).isGreaterThan(before);
      before = luma;
    }
  }

  @Test
  void valuesBeyondTheEndsHaveTheirColours() {
    assertThat(ColourMap.INFERNO.rgb(-1)).isEqualTo(0x000004);
    assertThat(ColourMap.INFERNO.rgb(7)).isEqualTo(0xfcffa4);
  }
}
