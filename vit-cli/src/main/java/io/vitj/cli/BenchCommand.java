package io.vitj.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.Session;
import io.vitj.tensor.kernel.KernelProvider;
import io.vitj.tensor.parallel.Parallel;
import java.util.Locale;
import java.util.SplittableRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code vit bench}: how fast a model runs here. */
@Command(
    name = "bench",
    description = {
      "Measures the forward pass of a model on random pixels.",
      "Figures of different runs or machines do not compare; ratios within one run do."
    })
final class BenchCommand implements Runnable {
  private static final long SEED = 42;

  @ParentCommand private VitCommand vit;
  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL|PRESET",
      description =
          "Folder of a checkpoint, or org/name[@revision] of one that vit pull fetched, or a preset"
              + " such as vit_base_patch16_224, which runs with random weights (default: a small"
              + " model that ships with vit).")
  private String model;

  @Mixin private ArchitectureOption architecture;
  @Mixin private WeightsOption weights;
  @Mixin private ImageSizeOption size;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images of a forward pass (default: ${DEFAULT-VALUE}).")
  private int batch = 1;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Forward passes to measure (default: ${DEFAULT-VALUE}).")
  private int runs = 50;

  @Option(
      names = "--warmup",
      paramLabel = "SECONDS",
      description = "How long to run before measuring (default: ${DEFAULT-VALUE}).")
  private double warmup = 3;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: text).")
  private OutputFormat format = OutputFormat.TEXT;

  /**
   * What was measured.
   *
   * @param model the name of the model
   * @param threads threads that computed
   * @param batch images of a forward pass
   * @param flops floating-point operations of one image, as far as they are done
   * @param loadMillis from nothing to a packed model
   * @param firstMillis the first forward pass in this process
   * @param latencies of the warm forward passes
   */
  private record Result(
      String model,
      int threads,
      int batch,
      long flops,
      double loadMillis,
      double firstMillis,
      Latencies latencies) {
    double imagesPerSecond() {
      return batch / latencies.mean() * 1e3;
    }

    double gigaflopsPerSecond() {
      return imagesPerSecond() * flops / 1e9;
    }
  }

  @Override
  public void run() {
    Require.atLeastOne(spec, "--batch", batch);
    Require.atLeastOne(spec, "--runs", runs);
    Require.that(warmup >= 0, spec, "--warmup", warmup, "is below 0");
    Result result = measure(vit.threads());
    switch (format) {
      case TEXT -> print(result);
      case JSON -> JsonOutput.print(vit.terminal(), json(result));
    }
  }

  private Result measure(int threads) {
    long start = System.nanoTime();
    try (BenchModel loaded = BenchModel.load(model, architecture.name(model), weights.dtype());
        Parallel parallel = Parallel.owned(threads)) {
      double loadMillis = millisSince(start);
      try (Session session = new Session(size.model(loaded.model()), parallel, batch)) {
        float[] pixels = pixels(session);
        start = System.nanoTime();
        forward(session, pixels);
        double firstMillis = millisSince(start);
        return new Result(
            loaded.name(),
            threads,
            batch,
            session.flops() / batch,
            loadMillis,
            firstMillis,
            warm(session, pixels));
      }
    }
  }

  private static float[] pixels(Session session) {
    SplittableRandom random = new SplittableRandom(SEED);
    float[] pixels = new float[Math.toIntExact(session.input().shape().elements())];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble(-1, 1);
    }
    return pixels;
  }

  private static void forward(Session session, float[] pixels) {
    session.input().copyFrom(pixels);
    session.run();
  }

  private static double millisSince(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  private Latencies warm(Session session, float[] pixels) {
    long start = System.nanoTime();
    while (millisSince(start) < warmup * 1e3) {
      forward(session, pixels);
    }
    long[] nanos = new long[runs];
    try (Progress progress = new Progress(vit.terminal(), runs)) {
      for (int i = 0; i < runs; i++) {
        start = System.nanoTime();
        forward(session, pixels);
        nanos[i] = System.nanoTime() - start;
        progress.advance(1);
      }
    }
    return new Latencies(nanos);
  }

  private void print(Result r) {
    Terminal terminal = vit.terminal();
    TextTable table =
        new TextTable("lrl")
            .row("load", millis(r.loadMillis()), "ms")
            .row("first forward pass", millis(r.firstMillis()), "ms")
            .row("warm, median", millis(r.latencies().percentile(50)), "ms")
            .row("warm, p90", millis(r.latencies().percentile(90)), "ms")
            .row("warm, p99", millis(r.latencies().percentile(99)), "ms")
            .row("throughput", fixed(r.imagesPerSecond(), 1), "images/s")
            .row("speed", fixed(r.gigaflopsPerSecond(), 1), "GFLOP/s of matrix products");
    terminal.out().println(terminal.bold(r.model()));
    terminal
        .out()
        .println(
            "batch %d, %d threads, %s, %d runs after %s s of warm-up"
                .formatted(r.batch(), r.threads(), KernelProvider.description(), runs, warmup));
    table.lines().forEach(terminal.out()::println);
    terminal.out().println("Compare with figures of the same run of measurements only.");
  }

  private static String millis(double millis) {
    return fixed(millis, millis < 10 ? 3 : 1);
  }

  private static String fixed(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private ObjectNode json(Result r) {
    return JsonOutput.object()
        .put("model", r.model())
        .put("kernels", KernelProvider.description())
        .put("threads", r.threads())
        .put("batch", r.batch())
        .put("runs", runs)
        .put("warmup_seconds", warmup)
        .put("load_ms", r.loadMillis())
        .put("first_inference_ms", r.firstMillis())
        .put("median_ms", r.latencies().percentile(50))
        .put("p90_ms", r.latencies().percentile(90))
        .put("p99_ms", r.latencies().percentile(99))
        .put("mean_ms", r.latencies().mean())
        .put("images_per_second", r.imagesPerSecond())
        .put("flops_per_image", r.flops())
        .put("gflops_per_second", r.gigaflopsPerSecond());
  }
}
