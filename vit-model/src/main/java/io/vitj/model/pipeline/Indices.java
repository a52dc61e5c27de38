package io.vitj.model.pipeline;

import io.vitj.model.QueryException;

/** Numbers of layers and heads that may count from the end. */
final class Indices {
  private Indices() {}

  /**
   * Resolves a number.
   *
   * @param what what is numbered, in the singular
   * @param index from 0, or from −1 backwards
   * @param count how many there are
   * @return the number from 0
   * @throws QueryException if there is none of this number
   */
  static int of(String what, int index, int count) {
    if (index < -count || index >= count) {
      throw new QueryException(
          "there is no %s %d: this model has %d, 0 to %d (or -%d to -1 from the end)"
              .formatted(what, index, count, count - 1, count));
    }
    return index < 0 ? index + count : index;
  }
}
