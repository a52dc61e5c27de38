package io.vitj.bench.peer;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A process that would have a core for itself, of the same priority and free to move between cores,
 * as other work on a shared machine is.
 */
final class Neighbour implements AutoCloseable {
  private final Process process;
  private final Duration before;
  private final long start;

  private Neighbour(Process process) {
    this.process = process;
    this.before = processorTime();
    this.start = System.nanoTime();
  }

  /**
   * Starts a neighbour and waits until it is busy.
   *
   * @param builder the command of {@link NeighbourMain}
   * @throws ModelException if it cannot be started
   */
  static Neighbour start(ProcessBuilder builder) {
    try {
      Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String line = process.inputReader(StandardCharsets.UTF_8).readLine();
      if (NeighbourMain.BUSY.equals(line)) {
        return new Neighbour(process);
      }
      process.destroyForcibly();
      throw new ModelException("the neighbour does not become busy");
    } catch (IOException e) {
      throw new ModelException(
          "the neighbour cannot be started: " + ModelException.oneLine(e.getMessage()), e);
    }
  }

  /**
   * Returns how much of a core it has had since it became busy, from 0 to 1.
   *
   * @throws ModelException if it has ended
   */
  double share() {
    if (!process.isAlive()) {
      throw new ModelException(
          "the neighbour ended with status " + process.exitValue() + " while engines computed");
    }
    return (double) processorTime().minus(before).toNanos() / (System.nanoTime() - start);
  }

  private Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  @Override
  public void close() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
