package io.vitj.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FigureTest {
  @Test
  void summarisesWithoutMeans() {
    Figure odd = Figure.of(List.of(9.0, 1.0, 2.0));
    assertThat(odd).isEqualTo(new Figure(2, 1, 9, List.of(9.0, 1.0, 2.0)));
    assertThat(odd.spread()).isEqualTo(4);
    assertThat(Figure.of(List.of(4.0, 1.0, 2.0, 9.0)).median()).isEqualTo(3);
  }
}
