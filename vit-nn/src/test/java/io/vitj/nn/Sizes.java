package io.vitj.nn;

import io.vitj.nn.ExecutionContext.Extents;
import java.util.stream.Stream;

/**
 * Awkward extents: one token, odd and prime counts, head widths 16, 20 and 24, odd hidden widths.
 */
final class Sizes {
  private Sizes() {}

  static Stream<Extents> blocks() {
    return Stream.of(
        new Extents(1, 1, 48, 3, 148),
        new Extents(2, 37, 48, 3, 148),
        new Extents(1, 197, 40, 2, 65),
        new Extents(3, 5, 72, 3, 220),
        new Extents(2, 17, 20, 1, 1));
  }
}
