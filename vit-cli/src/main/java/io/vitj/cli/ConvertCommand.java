package io.vitj.cli;

import io.vitj.model.checkpoint.OutputFile;
import io.vitj.model.checkpoint.family.ModelDirectory;
import io.vitj.model.hub.ModelResolver;
import io.vitj.model.onnx.OnnxExporter;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code vit convert}: a model in another format. */
@Command(
    name = "convert",
    description = {
      "Writes a model in another format, which the ending of the target names:",
      "  .onnx  a graph for ONNX Runtime and others (opset 17, single precision)"
    })
final class ConvertCommand implements Runnable {
  /** The formats that a model can be written in. */
  enum Target {
    /** An ONNX graph. */
    ONNX;

    @Override
    public String toString() {
      return Choice.word(this);
    }

    String ending() {
      return '.' + toString();
    }
  }

  @ParentCommand private VitCommand vit;
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "SOURCE",
      description = "The model: its folder, its file of weights, or org/name[@revision].")
  private String source;

  @Parameters(index = "1", paramLabel = "TARGET", description = "What to write.")
  private Path target;

  @Mixin private ArchitectureOption architecture;

  @Option(
      names = "--to",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: by the ending of the target).")
  private Target format;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Fix the batch of an ONNX graph to N images (default: open).")
  private Integer batch;

  @Option(
      names = "--image-size",
      paramLabel = "N|HxW",
      description = "Input size of an ONNX graph in pixels (default: the model's).")
  private ImageSize size;

  @Override
  public void run() {
    Target to = format == null ? byEnding() : format;
    if (batch != null) {
      Require.atLeastOne(spec, "--batch", batch);
    }
    OutputFile.requireWritable(target);
    try (ModelDirectory model =
        ModelDirectory.open(ModelResolver.resolve(source), architecture.name(source))) {
      switch (to) {
        case ONNX -> writeOnnx(model);
      }
    }
    vit.terminal().out().println(target);
  }

  private Target byEnding() {
    String name = String.valueOf(target.getFileName()).toLowerCase(Locale.ROOT);
    for (Target known : Target.values()) {
      if (name.endsWith(known.ending())) {
        return known;
      }
    }
    throw new ParameterException(
        spec.commandLine(),
        "%s names no format by its ending; end it in .onnx, or say --to".formatted(target));
  }

  private void writeOnnx(ModelDirectory model) {
    OnnxExporter exporter = OnnxExporter.of(model.weights());
    if (batch != null) {
      exporter = exporter.batch(batch);
    }
    if (size != null) {
      exporter = exporter.at(size.height(), size.width());
    }
    exporter.write(target);
  }
}
