package io.vitj.cli;

import io.vitj.model.checkpoint.OutputFile;
import io.vitj.model.pipeline.ImageEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code vit embed}: vectors of images. */
@Command(
    name = "embed",
    description = "Turns images into vectors, near one another for images that look alike.")
final class EmbedCommand implements Callable<Integer> {
  /** How the tokens of an image become one vector. */
  enum Pooling {
    /** The class token. */
    CLS(ImageEmbedder.Pooling.CLS),
    /** The mean of the patch tokens. */
    MEAN(ImageEmbedder.Pooling.MEAN),
    /** Attention from the model's own probe. */
    ATTENTION(ImageEmbedder.Pooling.ATTENTION);

    private final ImageEmbedder.Pooling pooling;

    Pooling(ImageEmbedder.Pooling pooling) {
      this.pooling = pooling;
    }

    @Override
    public String toString() {
      return Choice.word(this);
    }
  }

  @ParentCommand private VitCommand vit;
  @Spec private CommandSpec spec;
  @Mixin private ModelOption model;
  @Mixin private ImageSizeOption size;

  @Option(
      names = "--pooling",
      paramLabel = "KIND",
      description =
          "${COMPLETION-CANDIDATES}: class token, mean of the patches, or attention of SigLIP's"
              + " probe (default: the model's).")
  private Pooling pooling;

  @Option(names = "--normalize", description = "Scale vectors to length 1.")
  private boolean normalize;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "Write a matrix to FILE.npy or FILE.safetensors, or objects to FILE.json. Rows are in the"
              + " order of the images; in .npy, which has no names, an unreadable image is a row of"
              + " NaN, in the others it is left out.")
  private Path output;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "On standard output: ${COMPLETION-CANDIDATES} (default: text).")
  private OutputFormat format = OutputFormat.TEXT;

  @Mixin private ImageOptions images;

  @Override
  public Integer call() throws IOException {
    EmbeddingWriter.Opener opener = opener();
    LoadOptions loading = images.loading();
    List<ImageSource> sources = images.sources(vit);
    ImageEmbedder.Builder builder =
        size.applyTo(ImageEmbedder.builder(model.path()))
            .architecture(model.architecture())
            .threads(vit.threads())
            .maxBatch(loading.batch())
            .normalize(normalize);
    if (pooling != null) {
      builder.pooling(pooling.pooling);
    }
    try (ImageEmbedder embedder = builder.build();
        EmbeddingWriter writer = opener.open(embedder.width())) {
      var loop =
          ImageLoop.of(
              vit,
              loading,
              pictures -> Arrays.asList(embedder.embedImages(pictures)),
              (image, vector) -> writer.write(image.name(), vector));
      int code = loop.run(sources);
      if (loop.computed() > 0) {
        writer.commit();
      }
      return code;
    }
  }

  private EmbeddingWriter.Opener opener() {
    if (output == null) {
      return format == OutputFormat.JSON
          ? width -> EmbeddingWriter.Json.to(vit.terminal())
          : width -> new EmbeddingWriter.Text(vit.terminal());
    }
    OutputFile.requireWritable(output);
    String name = output.toString();
    if (name.endsWith(".npy")) {
      return width -> new EmbeddingWriter.Npy(new NpyWriter(output, width));
    }
    if (name.endsWith(".safetensors")) {
      return width -> new EmbeddingWriter.Safetensors(output, width);
    }
    if (name.endsWith(".json")) {
      return width -> EmbeddingWriter.Json.to(output);
    }
    throw new ParameterException(
        spec.commandLine(),
        "Invalid value for option '--output': " + name + " is no .npy, .safetensors or .json");
  }
}
