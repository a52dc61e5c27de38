package io.vitj.bench.peer;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** A worker that computes nothing, and misbehaves as its first argument says. */
final class FakeWorker {
  private static final int GARBAGE = 16 << 20;

  private FakeWorker() {}

  /** A process of it. */
  static ProcessBuilder process(String behaviour) {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--class-path",
        System.getProperty("java.class.path"),
        FakeWorker.class.getName(),
        behaviour);
  }

  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    switch (args[0]) {
      case "crashes" -> {
        System.err.println("out of luck");
        System.exit(3);
      }
      case "chats" -> out.println("Loading …");
      case "refuses" -> System.exit(new Worker(in, out).serve(FakeWorker::refuse));
      default -> System.exit(new Worker(in, out).serve(() -> new FakeEngine(args[0])));
    }
  }

  private static Engine refuse() {
    throw new IllegalStateException("no such model\nat all");
  }

  /** Its output is 1, 2, −3, and its latency what the system makes of nothing. */
  private record FakeEngine(String behaviour) implements Engine {
    @Override
    public String name() {
      return "fake";
    }

    @Override
    public String version() {
      return "1.0 of today";
    }

    @Override
    public void run() {
      if (behaviour.equals("crashes later")) {
        System.err.println("out of memory");
        Runtime.getRuntime().halt(134);
      }
    }

    @Override
    public float[] output() {
      Arrays.fill(new byte[GARBAGE], (byte) 1);
      return switch (behaviour) {
        case "differs" -> new float[] {1, 2, -3.01f};
        case "differs much" -> new float[] {1, 2, -2.4f};
        default -> new float[] {1, 2, -3};
      };
    }

    @Override
    public void close() {}
  }
}
