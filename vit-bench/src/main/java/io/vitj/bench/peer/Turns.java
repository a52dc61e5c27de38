package io.vitj.bench.peer;

import java.util.ArrayList;
import java.util.List;

/** Who comes after whom. */
final class Turns {
  private Turns() {}

  /**
   * Orders a round. Every engine begins as often as any other, and follows each of its neighbours
   * as often as it precedes it: the order rotates by one, forwards through as many rounds as there
   * are engines, and then as many backwards.
   *
   * @param engines their number
   * @param round its number, from 0
   * @return the indices of the engines
   */
  static List<Integer> of(int engines, int round) {
    int step = round / engines % 2 == 0 ? 1 : -1;
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < engines; i++) {
      order.add(Math.floorMod(round + step * i, engines));
    }
    return order;
  }
}
