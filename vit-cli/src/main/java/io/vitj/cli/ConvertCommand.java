package io.vitj.cli;

import io.vitj.model.checkpoint.family.CanonicalDirectory;
import io.vitj.model.checkpoint.family.ModelDirectory;
import io.vitj.model.hub.ModelResolver;
import io.vitj.model.onnx.OnnxExporter;
import io.vitj.model.packed.PackedFile;
import io.vitj.tensor.DType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
      "  a folder       model.safetensors and config.json in timm's names and layout",
      "  .safetensors   the same, with config.json beside the file",
      "  .onnx          a graph for ONNX Runtime and others (opset 17, single precision)",
      "  .vitj          packed for this machine's kernels, mapped into memory without a copy"
    })
final class ConvertCommand implements Runnable {
  /** The formats that a model can be written in. */
  enum Target {
    /** Weights under timm's names, with a config. */
    SAFETENSORS,
    /** An ONNX graph. */
    ONNX,
    /** vitj's own packed file. */
    VITJ;

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
  @Mixin private ImageSizeOption size;

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
      names = "--dtype",
      paramLabel = "TYPE",
      description =
          "How the weights are held: ${COMPLETION-CANDIDATES} (default: as they are stored; .vitj:"
              + " f32, or bf16 for half the memory).")
  private DType dtype;

  @Override
  public void run() {
    Target to = format == null ? byEnding() : format;
    requireFor(to, Target.ONNX, "--batch", batch);
    requireFor(to, Target.ONNX, ImageSizeOption.NAME, size.value());
    Require.that(dtype == null || to != Target.ONNX, spec, "--dtype", dtype, "is not for onnx");
    Require.that(
        dtype != DType.F16 || to != Target.VITJ,
        spec,
        "--dtype",
        dtype,
        "is not for vitj: use bf16");
    if (batch != null) {
      Require.atLeastOne(spec, "--batch", batch);
    }
    try (ModelDirectory model =
        ModelDirectory.open(ModelResolver.resolve(source), architecture.name(source))) {
      switch (to) {
        case SAFETENSORS -> writeSafetensors(model);
        case ONNX -> writeOnnx(model);
        case VITJ -> PackedFile.write(model, dtype == null ? DType.F32 : dtype, target);
      }
    }
    vit.terminal().out().println(target);
  }

  private Target byEnding() {
    String name = String.valueOf(target.getFileName()).toLowerCase(Locale.ROOT);
    if (Files.isDirectory(target) || !name.contains(".")) {
      return Target.SAFETENSORS;
    }
    for (Target known : Target.values()) {
      if (name.endsWith(known.ending())) {
        return known;
      }
    }
    throw new ParameterException(
        spec.commandLine(),
        "%s names no format by its ending; name a folder, end it in %s, or say --to"
            .formatted(
                target,
                Stream.of(Target.values()).map(Target::ending).collect(Collectors.joining(", "))));
  }

  private void requireFor(Target to, Target only, String option, Object value) {
    Require.that(
        value == null || to == only, spec, option, value, "is for %s, not %s".formatted(only, to));
  }

  private void writeSafetensors(ModelDirectory model) {
    CanonicalDirectory.write(
        model, dtype == null ? CanonicalDirectory.storedType(model) : dtype, target);
  }

  private void writeOnnx(ModelDirectory model) {
    OnnxExporter exporter = size.applyTo(OnnxExporter.of(model.weights()));
    (batch == null ? exporter : exporter.batch(batch)).write(target);
  }
}
