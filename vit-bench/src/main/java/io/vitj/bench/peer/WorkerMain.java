package io.vitj.bench.peer;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The process of an engine that runs in a JVM. */
public final class WorkerMain {
  private WorkerMain() {}

  /**
   * Serves an engine.
   *
   * @param args the class of its factory, then what {@link Job} says
   */
  public static void main(String[] args) {
    PrintStream answers = System.out;
    System.setOut(System.err); // what libraries print is no answer
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    // engines may leave threads behind
    System.exit(new Worker(commands, answers).serve(() -> open(List.of(args))));
  }

  private static Engine open(List<String> args) throws Exception {
    return Class.forName(args.getFirst())
        .asSubclass(Engine.Factory.class)
        .getConstructor()
        .newInstance()
        .open(Job.parse(args.subList(1, 1 + Job.ARGUMENTS)));
  }
}
