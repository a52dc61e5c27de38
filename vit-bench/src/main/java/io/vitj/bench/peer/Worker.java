package io.vitj.bench.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.StringJoiner;
import java.util.concurrent.Callable;

/** The worker's side of the protocol. */
final class Worker {
  static final String READY = "ready";
  static final String CHECK = "check";
  static final String CHECKED = "checked";
  static final String RUN = "run";
  static final String RAN = "ran";
  static final String TIDY = "tidy";
  static final String TIDIED = "tidied";
  static final String FAILED = "failed";

  private final BufferedReader in;
  private final PrintStream out;

  Worker(BufferedReader in, PrintStream out) {
    this.in = in;
    this.out = out;
  }

  /**
   * Opens an engine and answers commands until the input ends.
   *
   * @return the exit status
   */
  @SuppressWarnings("CatchAndPrintStackTrace") // on standard error, which becomes the worker's log
  int serve(Callable<Engine> opening) {
    try (Engine engine = opening.call()) {
      answer(READY + ' ' + engine.name() + ' ' + engine.version());
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        answer(respond(engine, line));
      }
      return 0;
    } catch (Exception | LinkageError e) {
      e.printStackTrace();
      answer(FAILED + ' ' + ("" + e).lines().findFirst().orElse(""));
      return 1;
    }
  }

  private void answer(String line) {
    out.println(line);
    out.flush();
  }

  private static String respond(Engine engine, String line) throws Exception {
    int space = line.indexOf(' ');
    String argument = line.substring(space + 1);
    return switch (space < 0 ? line : line.substring(0, space)) {
      case CHECK -> CHECKED + ' ' + check(engine, Path.of(argument));
      case RUN -> RAN + run(engine, Integer.parseInt(argument));
      case TIDY -> tidy();
      default -> throw new IOException("unknown command " + line);
    };
  }

  private static int check(Engine engine, Path file) throws Exception {
    engine.run();
    float[] output = engine.output();
    FloatFile.write(file, output);
    return output.length;
  }

  private static String tidy() {
    System.gc();
    return TIDIED;
  }

  private static String run(Engine engine, int times) throws Exception {
    StringJoiner latencies = new StringJoiner(" ", " ", "");
    for (int i = 0; i < times; i++) {
      long start = System.nanoTime();
      engine.run();
      latencies.add(String.valueOf(System.nanoTime() - start));
    }
    return latencies.toString();
  }
}
