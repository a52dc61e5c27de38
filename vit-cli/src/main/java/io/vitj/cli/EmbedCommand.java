package io.vitj.cli;

import io.vitj.model.checkpoint.OutputFile;
import io.vitj.model.pipeline.ImageEmbedder;
import io.vitj.model.pipeline.ImageFeatures;
import io.vitj.model.pipeline.TextEmbedder;
import io.vitj.tensor.Shape;
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

/** {@code vit embed}: vectors of images, or of texts. */
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
      names = "--layer",
      paramLabel = "N[,N...]|all",
      converter = LayerSelection.Converter.class,
      description =
          "Write the features of every patch (N, h, w, D) after these layers instead, as timm's"
              + " forward_intermediates: from 0, or from the end as -1. Of several layers (N, L, h,"
              + " w, D) in FILE.npy, and layer.<i> each in FILE.safetensors.")
  private LayerSelection layers;

  @Option(names = "--norm", description = "With --layer: apply the model's last norm to each.")
  private boolean norm;

  @Option(
      names = "--prefix-tokens",
      description =
          "With --layer: write the tokens before the patches too, prefix.<i> (N, P, D) in"
              + " FILE.safetensors.")
  private boolean prefixTokens;

  @Option(
      names = "--text",
      description =
          "Take the arguments for texts, not images: vectors near those of the images they"
              + " describe, from the text tower of a CLIP or SigLIP.")
  private boolean text;

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
    requireFitting();
    if (text) {
      return texts();
    }
    return layers == null ? vectors() : features();
  }

  private void requireFitting() {
    Require.that(!text || pooling == null, spec, "--pooling", pooling, "does not go with --text");
    Require.that(!text || layers == null, spec, "--layer", layers, "does not go with --text");
    boolean maps = layers != null;
    Require.that(!maps || pooling == null, spec, "--pooling", pooling, "does not go with --layer");
    Require.that(!maps || !normalize, spec, "--normalize", normalize, "does not go with --layer");
    Require.that(maps || !norm, spec, "--norm", norm, "needs --layer");
    Require.that(maps || !prefixTokens, spec, "--prefix-tokens", prefixTokens, "needs --layer");
    boolean named = output != null && output.toString().endsWith(".safetensors");
    boolean array = output != null && output.toString().endsWith(".npy");
    Require.that(
        !maps || named || array,
        spec,
        "--output",
        output == null ? "none" : output,
        "is no .npy or .safetensors, which --layer needs");
    Require.that(
        !prefixTokens || named, spec, "--prefix-tokens", prefixTokens, "needs a .safetensors file");
  }

  private int features() throws IOException {
    OutputFile.requireWritable(output);
    LoadOptions loading = images.loading();
    List<ImageSource> sources = images.sources(vit);
    ImageFeatures.Builder builder =
        size.pipeline(ImageFeatures::builder, model, vit).maxBatch(loading.batch()).norm(norm);
    layers.apply(builder);
    try (ImageFeatures features = builder.build();
        FeatureWriter writer =
            output.toString().endsWith(".npy")
                ? FeatureWriter.Npy.to(output, features)
                : new FeatureWriter.Safetensors(output, features, prefixTokens)) {
      var loop =
          ImageLoop.of(
              vit,
              loading,
              features::intermediates,
              (image, maps) -> writer.write(image.name(), maps));
      int code = loop.run(sources);
      if (loop.computed() > 0) {
        writer.commit();
      }
      return code;
    }
  }

  private int vectors() throws IOException {
    EmbeddingWriter.Opener opener = opener();
    LoadOptions loading = images.loading();
    List<ImageSource> sources = images.sources(vit);
    ImageEmbedder.Builder builder =
        size.pipeline(ImageEmbedder::builder, model, vit)
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

  private int texts() throws IOException {
    EmbeddingWriter.Opener opener = opener();
    TextEmbedder.Builder builder =
        TextEmbedder.builder(model.path())
            .architecture(model.architecture())
            .threads(vit.threads())
            .maxBatch(images.loading().batch())
            .normalize(normalize);
    try (TextEmbedder embedder = builder.build();
        EmbeddingWriter writer = opener.open(embedder.width())) {
      List<String> texts = images.arguments();
      float[][] vectors = embedder.embedAll(texts);
      for (int i = 0; i < vectors.length; i++) {
        writer.write(texts.get(i), vectors[i]);
      }
      writer.commit();
      return 0;
    }
  }

  private EmbeddingWriter.Opener opener() {
    String key = text ? "text" : "image";
    if (output == null) {
      return format == OutputFormat.JSON
          ? width -> EmbeddingWriter.Json.to(vit.terminal(), key)
          : width -> new EmbeddingWriter.Text(vit.terminal());
    }
    OutputFile.requireWritable(output);
    String name = output.toString();
    if (name.endsWith(".npy")) {
      return width -> new EmbeddingWriter.Npy(new NpyWriter(output, Shape.of(width)));
    }
    if (name.endsWith(".safetensors")) {
      return width -> new EmbeddingWriter.Safetensors(output, width, key);
    }
    if (name.endsWith(".json")) {
      return width -> EmbeddingWriter.Json.to(output, key);
    }
    throw new ParameterException(
        spec.commandLine(),
        "Invalid value for option '--output': " + name + " is no .npy, .safetensors or .json");
  }
}
