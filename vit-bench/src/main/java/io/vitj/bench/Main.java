package io.vitj.bench;

import io.vitj.bench.compare.CompareCommand;
import io.vitj.bench.peer.PeersCommand;
import io.vitj.model.ModelException;
import java.io.IOException;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;

/** What {@code vit-bench/run} starts. */
public final class Main {
  private static final String USAGE =
      """
      usage: vit-bench/run kernel|layer|model|peer [--providers P,…] [--output NAME] [JMH options] [REGEX…]
             vit-bench/run peers [--models ti16,s16,b16,l16] [--gemm] [options]
             vit-bench/run compare A B [--rounds N] [JMH options] [REGEX…]
             vit-bench/run charts NAME…

        kernel   single operations: FMA peak, GEMM, attention, softmax, layer norm, GELU, under their roofline
        layer    layers and encoder blocks
        model    whole models with seeded random weights
        peer     matrix products by this engine and others, as JMH benchmarks

        --providers  the kernels to run on, such as vector:512,vector:256,scalar (default: the JVM's choice)
        --output     the name of the report in vit-bench/results (default: the suite's)
        JMH options  such as -f 5 (forks), -p shape=B16_FC1 (parameters), -l (list), -h (all options)

        peers    this engine beside others on the same weights and pixels, in rounds:
        --models   architectures (default: all four)
        --gemm     the matrix products of their blocks instead (of b16 by default)
        --size     pixels of a side, multiples of 16 (default: 224)
        --batch    images at a time (default: 1; products 1,8)
        --threads  threads of every engine (default: 1 and all; products 1)
        --engines  whom to compare with: onnxruntime-java; onnxruntime-java-int8 and djl (models); openblas and vectorblas
                   (products); by --python onnxruntime and pytorch (default: all of them); vitj-bf16, this engine with
                   its weights in half the memory
        --python   an interpreter that has onnxruntime, torch, timm and safetensors
        --rounds   turns of every engine (default: 20)
        --turn     seconds that a turn is to last (default: 0.5)
        --warmup   seconds that an engine computes before the first round (default: 5)
        --neighbour  lets another process keep a core busy while rounds run, and keeps the latency of every pass
        --output   the name of the report in vit-bench/results (default: peers, with -gemm or -neighbour behind)

        compare  two revisions (. for the working tree) built and run in turns, one fork of each a round (default:
                 10 rounds of ViT-B/16): 1 if the second is slower by more than 2 % and the noise
        charts   draws the charts of reports in vit-bench/results again
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
      return dispatch(args);
    } catch (IllegalArgumentException | CommandLineOptionException e) {
      System.err.println("vit-bench: " + e.getMessage());
      System.err.print(USAGE);
      return 2;
    } catch (ModelException e) {
      System.err.println("vit-bench: " + e.getMessage());
      return 1;
    }
  }

  private static int dispatch(String... args)
      throws IOException, RunnerException, CommandLineOptionException {
    List<String> rest = List.of(args).subList(Math.min(1, args.length), args.length);
    switch (args.length == 0 ? "" : args[0]) {
      case "peers" -> {
        return PeersCommand.parse(rest).run() ? 0 : 1;
      }
      case "compare" -> {
        return CompareCommand.parse(rest).run() ? 0 : 1;
      }
      case "charts" -> {
        ChartsCommand.parse(rest).run();
        return 0;
      }
      default -> {
        SuiteCommand.parse(args).run();
        return 0;
      }
    }
  }
}
