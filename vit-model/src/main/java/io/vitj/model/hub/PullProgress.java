package io.vitj.model.hub;

/**
 * Watches files arrive. All methods are called on the thread that pulls, one file after another.
 */
public interface PullProgress {
  /** Watches nothing. */
  PullProgress NONE = new PullProgress() {};

  /**
   * A file starts to arrive, or starts again from another position.
   *
   * @param file its name
   * @param bytes its size, or -1 if the hub does not say
   * @param present how many bytes of it are there already
   */
  default void begin(String file, long bytes, long present) {}

  /**
   * Bytes arrived.
   *
   * @param bytes how many since the last call
   */
  default void advance(long bytes) {}

  /**
   * A file is complete and its checksum is right.
   *
   * @param file its name
   */
  default void end(String file) {}

  /**
   * The download waits, because another one of the same file runs, or to try again.
   *
   * @param reason one line that says what it waits for
   */
  default void waiting(String reason) {}
}
