package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {
  @Test
  void keepTheOrderAndCarryFailures() {
    List<Integer> sources = IntStream.range(0, 10).boxed().toList();
    List<Integer> sizes = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    try (Batches<Integer, String> batches = new Batches<>(sources, 4, 3, BatchesTest::load)) {
      while (batches.hasNext()) {
        var batch = batches.next();
        sizes.add(batch.size());
        batch.forEach(
            item -> seen.add(item.value() == null ? item.failure().getMessage() : item.value()));
      }
    }
    assertThat(sizes).containsExactly(4, 4, 2);
    assertThat(seen).containsExactly("0", "1", "2", "no 3", "4", "5", "6", "no 7", "8", "9");
  }

  private static String load(int i) {
    if (i % 4 == 3) {
      throw new IllegalArgumentException("no " + i);
    }
    return String.valueOf(i);
  }

  @Test
  void neverLoadMoreThanOneBatchAhead() {
    AtomicInteger loaded = new AtomicInteger();
    List<Integer> sources = IntStream.range(0, 100).boxed().toList();
    try (var batches = new Batches<>(sources, 5, 2, source -> loaded.incrementAndGet())) {
      for (int taken = 5; batches.hasNext(); taken += 5) {
        batches.next();
        assertThat(loaded.get()).isBetween(taken, taken + 5);
      }
    }
    assertThat(loaded).hasValue(100);
  }

  @Test
  void anEmptySourceHasNoBatch() {
    try (var batches = new Batches<>(List.<Integer>of(), 5, 1, source -> source)) {
      assertThat(batches.hasNext()).isFalse();
    }
  }
}
