package io.vitj.model.hub;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.time.Duration;

/**
 * Tries again what a network or a busy server broke: {@link #ATTEMPTS} times without progress, each
 * after a pause twice as long as the one before.
 */
final class Retries {
  static final int ATTEMPTS = 5;

  /** The longest pause that a server may ask for; after more it is better to come back later. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final String what;
  private final Duration firstPause;
  private final PullProgress progress;
  private int failures;

  /** What may be tried again. */
  @FunctionalInterface
  interface Attempt<T> {
    /**
     * Tries once.
     *
     * @return the result
     * @throws IOException if trying again may help
     */
    T run() throws IOException;
  }

  /** A server that answers, but not now. */
  static final class BusyException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Duration pause;

    /**
     * Makes the exception.
     *
     * @param message one line for the user
     * @param pause how long the server asks to wait, or null
     */
    BusyException(String message, Duration pause) {
      super(message);
      this.pause = pause;
    }
  }

  /**
   * Starts to count.
   *
   * @param what is done, for messages
   * @param firstPause the pause after the first failure
   * @param progress is told of each pause
   */
  Retries(String what, Duration firstPause, PullProgress progress) {
    this.what = what;
    this.firstPause = firstPause;
    this.progress = progress;
  }

  /**
   * Runs something until it succeeds or has failed too often.
   *
   * @param attempt what to run
   * @param <T> what it returns
   * @return its result
   * @throws ModelException if it failed too often
   */
  <T> T run(Attempt<T> attempt) {
    while (true) {
      try {
        return attempt.run();
      } catch (IOException e) {
        failed(e);
      }
    }
  }

  /**
   * Counts a failure and pauses.
   *
   * @param failure what happened
   * @throws ModelException if that was the last attempt
   */
  void failed(IOException failure) {
    failures++;
    boolean busy = failure instanceof BusyException;
    Duration pause = firstPause.multipliedBy(1L << (failures - 1));
    if (failure instanceof BusyException b && b.pause != null) {
      pause = b.pause;
    }
    String reason = what + ": " + ModelException.reason(failure);
    if (pause.compareTo(LONGEST) > 0) {
      throw new ModelException(
          "%s and asks to wait %s; run the same command again then: it continues"
              .formatted(reason, StallGuard.seconds(pause)),
          failure);
    }
    if (failures >= ATTEMPTS) {
      throw new ModelException(
          "%s, %d times; %s: it continues"
              .formatted(
                  reason,
                  failures,
                  busy
                      ? "run the same command again later"
                      : "check the network and run the same command again"),
          failure);
    }
    progress.waiting("%s; trying again in %s".formatted(reason, StallGuard.seconds(pause)));
    sleep(pause);
  }

  /** Forgets the failures: the connection works. */
  void succeeded() {
    failures = 0;
  }

  /**
   * Waits.
   *
   * @param pause how long
   * @throws ModelException if the thread is interrupted
   */
  static void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * Makes the error for an interrupted thread, and keeps it interrupted.
   *
   * @param cause the interruption
   * @return the exception, to be thrown
   */
  static ModelException interrupted(Exception cause) {
    Thread.currentThread().interrupt();
    return new ModelException("the download was interrupted; what is there is kept", cause);
  }
}
