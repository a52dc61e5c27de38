package io.vitj.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelBundle;
import io.vitj.model.Session;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.VisionTransformer;
import io.vitj.model.checkpoint.StoredTensor;
import io.vitj.model.image.Preprocess;
import io.vitj.tensor.kernel.KernelProvider;
import io.vitj.tensor.parallel.Parallel;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code vit info}: what a checkpoint is and what it costs to run. */
@Command(name = "info", description = "Describes a checkpoint and what it costs to run.")
final class InfoCommand implements Runnable {
  private static final int FEW_LABELS = 5;

  @ParentCommand private VitCommand vit;
  @Mixin private ModelOption model;

  @Option(names = "--tensors", description = "List the tensors of the file too.")
  private boolean tensors;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: text).")
  private OutputFormat format = OutputFormat.TEXT;

  /**
   * What is printed.
   *
   * @param source the model
   * @param config the architecture, at the size that images are preprocessed to
   * @param preprocessing what is done to images
   * @param weightBytes weights in single precision
   * @param workspaceBytes activations of one image
   */
  private record Info(
      ModelBundle source,
      ViTConfig config,
      String preprocessing,
      long weightBytes,
      long workspaceBytes) {
    Collection<StoredTensor> stored() {
      return source.tensors();
    }

    String storedTypes() {
      return stored().stream()
          .map(tensor -> tensor.type().name())
          .distinct()
          .collect(Collectors.joining(", "));
    }
  }

  @Override
  public void run() {
    try (ModelBundle source = model.load()) {
      Preprocess preprocess = source.preprocess();
      Info info =
          info(
              source,
              source.model().at(preprocess.height(), preprocess.width()),
              preprocess.toString());
      switch (format) {
        case TEXT -> print(info);
        case JSON -> JsonOutput.print(vit.terminal(), json(info));
      }
    }
  }

  private static Info info(ModelBundle source, VisionTransformer model, String preprocessing) {
    try (Parallel parallel = Parallel.sequential();
        Session session = new Session(model, parallel, 1)) {
      long weightBytes = model.config().parameterCount() * Float.BYTES;
      return new Info(source, model.config(), preprocessing, weightBytes, session.bytes());
    }
  }

  private void print(Info info) {
    ViTConfig c = info.config();
    Terminal terminal = vit.terminal();
    terminal.out().println(terminal.bold(model.name()));
    new TextTable("ll")
        .row("architecture", info.source().architecture() + ", " + info.source().family())
        .row("image", c.imageWidth() + " x " + c.imageHeight() + ", patches of " + c.patch())
        .row("tokens", c.tokens() + ", of them " + c.patches() + " patches")
        .row("positions", positions(c))
        .row(
            "encoder",
            "%d blocks, width %d, %d heads, MLP %d"
                .formatted(c.depth(), c.width(), c.heads(), c.mlpHidden()))
        .row("parameters", String.format(Locale.ROOT, "%,d", c.parameterCount()))
        .row("operations", operations(c.flops()) + " per image")
        .row("weights", mebibytes(info.weightBytes()) + " in single precision")
        .row("workspace", mebibytes(info.workspaceBytes()) + " per image of a batch")
        .row("labels", labels(info.source().labels()))
        .row("preprocessing", info.preprocessing())
        .row("file", info.stored().size() + " tensors, " + info.storedTypes())
        .row("kernels", KernelProvider.description())
        .row("threads", String.valueOf(vit.threads()))
        .lines()
        .forEach(terminal.out()::println);
    if (tensors) {
      TextTable table = new TextTable("lll");
      info.stored().forEach(t -> table.row(t.name(), t.type().name(), t.shape().toString()));
      terminal.out().println();
      table.lines().forEach(terminal.out()::println);
    }
  }

  private static String positions(ViTConfig c) {
    if (c.positions() == Positions.NONE) {
      return "no learned embeddings";
    }
    boolean same = c.positionRows() == c.gridHeight() && c.positionColumns() == c.gridWidth();
    return c.positionRows() + " x " + c.positionColumns() + (same ? "" : ", resampled");
  }

  private static String operations(long flops) {
    return flops < 1e9
        ? String.format(Locale.ROOT, "%.2f MFLOP", flops / 1e6)
        : String.format(Locale.ROOT, "%.2f GFLOP", flops / 1e9);
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
  }

  private static String labels(List<String> labels) {
    String few = labels.stream().limit(FEW_LABELS).collect(Collectors.joining("; "));
    String rest = labels.size() > FEW_LABELS ? "; …" : "";
    return labels.isEmpty() ? "none" : labels.size() + ": " + few + rest;
  }

  private ObjectNode json(Info info) {
    ViTConfig c = info.config();
    ObjectNode json = JsonOutput.object();
    json.put("model", model.name())
        .put("family", info.source().family())
        .put("architecture", info.source().architecture());
    json.set("config", JsonOutput.tree(c));
    json.put("tokens", c.tokens())
        .put("parameters", c.parameterCount())
        .put("flops_per_image", c.flops());
    json.putObject("memory")
        .put("weights_bytes", info.weightBytes())
        .put("workspace_bytes_per_image", info.workspaceBytes());
    json.set("labels", JsonOutput.tree(info.source().labels()));
    JsonNode preprocessing = info.source().preprocessing().json();
    json.set("preprocessing", preprocessing.isMissingNode() ? null : preprocessing);
    json.put("kernels", KernelProvider.description()).put("threads", vit.threads());
    ArrayNode list = json.putArray("tensors");
    for (StoredTensor tensor : info.stored()) {
      list.addObject()
          .put("name", tensor.name())
          .put("dtype", tensor.type().name())
          .set("shape", JsonOutput.tree(tensor.shape().dims()));
    }
    return json;
  }
}
