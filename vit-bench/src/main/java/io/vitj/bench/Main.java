package io.vitj.bench;

import java.io.IOException;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;

/** What {@code vit-bench/run} starts. */
public final class Main {
  private static final String USAGE =
      """
      usage: vit-bench/run kernel|layer|model [--providers P,…] [--output NAME] [JMH options] [REGEX…]

        kernel   single operations: FMA peak, GEMM, attention, softmax, layer norm, GELU
        layer    layers and encoder blocks
        model    whole models with seeded random weights

        --providers  the kernels to run on, such as vector:512,vector:256,scalar (default: the JVM's choice)
        --output     the name of the report in vit-bench/results (default: the suite's)
        JMH options  such as -f 5 (forks), -p shape=B16_FC1 (parameters), -l (list), -h (all options)
      """;

  private Main() {}

  /**
   * Runs a suite.
   *
   * @param args the suite and its options
   * @throws IOException if the report cannot be written
   * @throws RunnerException if a benchmark fails
   */
  public static void main(String[] args) throws IOException, RunnerException {
    System.exit(run(args));
  }

  private static int run(String... args) throws IOException, RunnerException {
    try {
      SuiteCommand.parse(args).run();
      return 0;
    } catch (IllegalArgumentException | CommandLineOptionException e) {
      System.err.println("vit-bench: " + e.getMessage());
      System.err.print(USAGE);
      return 2;
    }
  }
}
