package io.vitj.cli;

import io.vitj.model.ModelBundle;
import io.vitj.model.ModelException;
import io.vitj.model.Trace;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.checkpoint.OutputFile;
import io.vitj.model.checkpoint.SafetensorsWriter;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.parallel.Parallel;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code vit trace}: every tensor of a forward pass. */
@Command(
    name = "trace",
    description = {
      "Runs the tensor pixel_values (B, C, H, W) of a file and writes every step:",
      "embeddings, attn.<i>, block.<i>, features, pre_logits, logits and the family's own."
    })
final class TraceCommand implements Runnable {
  private static final String INPUT = "pixel_values";

  @ParentCommand private VitCommand vit;
  @Mixin private ModelOption model;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "FILE",
      description = "A .safetensors file with pixel_values, as vit preprocess writes it.")
  private Path input;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "The .safetensors file to write.")
  private Path output;

  @Override
  public void run() {
    OutputFile.requireWritable(output);
    int threads = vit.threads();
    try (CheckpointFile file = CheckpointFile.open(input);
        ModelBundle bundle = model.load();
        Parallel parallel = Parallel.owned(threads);
        Arena arena = Arena.ofShared()) {
      SafetensorsWriter writer = new SafetensorsWriter();
      trace(bundle, file.read(INPUT, arena), parallel, arena).forEach(writer::add);
      writer.write(output);
    }
  }

  private Map<String, Tensor> trace(
      ModelBundle bundle, Tensor pixelValues, Parallel parallel, Arena arena) {
    try {
      return Trace.of(bundle.model(), pixelValues, parallel, arena);
    } catch (ModelException e) {
      throw e.at(input);
    }
  }
}
