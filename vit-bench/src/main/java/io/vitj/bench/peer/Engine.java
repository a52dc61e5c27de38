package io.vitj.bench.peer;

/** A loaded model or product of some engine, with its input in memory. */
public interface Engine extends AutoCloseable {
  /** Loads. */
  @FunctionalInterface
  interface Factory {
    /**
     * Loads what a job names.
     *
     * @param job the files, threads and batch
     * @return the engine, ready to compute
     * @throws Exception if it cannot
     */
    Engine open(Job job) throws Exception;
  }

  /**
   * Names the engine.
   *
   * @return one word
   */
  String name();

  /**
   * Returns its version.
   *
   * @return the version, with what else tells builds apart
   */
  String version();

  /**
   * Computes the output from the input once.
   *
   * @throws Exception if it cannot
   */
  void run() throws Exception;

  /**
   * Returns what the last {@link #run} computed.
   *
   * @return the output
   */
  float[] output();

  /** Releases the model. */
  @Override
  void close();
}
