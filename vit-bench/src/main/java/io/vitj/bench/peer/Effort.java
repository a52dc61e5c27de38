package io.vitj.bench.peer;

import java.time.Duration;

/**
 * How long to measure.
 *
 * @param rounds the turns of every engine
 * @param warmup how long an engine computes before the first round
 * @param turn how long a turn is meant to be
 */
record Effort(int rounds, Duration warmup, Duration turn) {
  /** Passes that an engine has at least before the first round. */
  static final int LEAST_WARMUP = 3;

  /** More passes in a turn tell nothing new. */
  private static final int MOST_PASSES = 100;

  /** The passes of a turn for an engine that takes so many nanoseconds for one. */
  int passes(double nanos) {
    return Math.clamp(Math.round(turn.toNanos() / nanos), 1, MOST_PASSES);
  }

  /**
   * The passes before them, which do not count: the other engines have had the caches, and the
   * threads slept.
   */
  int settlingPasses(double nanos) {
    return Math.max(1, passes(nanos) / 5);
  }
}
