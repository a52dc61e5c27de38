package io.vitj.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuartilesTest {
  /** Numbers from numpy.quantile. */
  @Test
  void interpolateBetweenTwoInOrder() {
    assertThat(Quartiles.of(7)).isEqualTo(new Quartiles(7, 7, 7));
    assertThat(Quartiles.of(4, 1, 3, 2)).isEqualTo(new Quartiles(1.75, 2.5, 3.25));
    assertThat(Quartiles.of(5, 4, 1, 3, 2)).isEqualTo(new Quartiles(2, 3, 4));
    assertThat(Quartiles.of(4, 1, 3, 2).text("%.2f")).isEqualTo("2.50 (1.75–3.25)");
  }
}
