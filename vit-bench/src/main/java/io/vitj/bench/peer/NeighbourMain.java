package io.vitj.bench.peer;

import io.vitj.bench.FmaPeak;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * The process of a {@link Neighbour}: one thread that computes in registers for ever, at no cost to
 * caches or memory. It ends when its standard input does, so it cannot outlive who started it.
 */
public final class NeighbourMain {
  /** What it says once it is busy. */
  static final String BUSY = "busy";

  private NeighbourMain() {}

  /**
   * Keeps a core busy.
   *
   * @param args none
   */
  public static void main(String[] args) {
    Thread.ofPlatform().daemon().start(NeighbourMain::endWithInput);
    FmaPeak.measure(1); // compiles it
    System.out.println(BUSY);
    float sum = 0;
    while (!Float.isNaN(sum)) {
      sum += FmaPeak.run();
    }
    throw new AssertionError("the loop must stay finite");
  }

  private static void endWithInput() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Runtime.getRuntime().halt(0);
    }
  }
}
