package io.vitj.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
  @Test
  void areFairToAllOverTwiceAsManyRoundsAsEngines() {
    int engines = 3;
    int[] first = new int[engines];
    int[][] follows = new int[engines][engines];
    for (int round = 0; round < 2 * engines; round++) {
      List<Integer> order = Turns.of(engines, round);
      assertThat(order).containsExactlyInAnyOrder(0, 1, 2);
      first[order.getFirst()]++;
      for (int i = 1; i < engines; i++) {
        follows[order.get(i)][order.get(i - 1)]++;
      }
    }
    assertThat(first).containsOnly(2);
    for (int i = 0; i < engines; i++) {
      int self = i;
      assertThat(Arrays.stream(follows[i]).filter(n -> n != follows[self][self])).containsOnly(2);
    }
  }
}
