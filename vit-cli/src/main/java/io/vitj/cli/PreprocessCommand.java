package io.vitj.cli;

import io.vitj.model.ModelBundle;
import io.vitj.model.checkpoint.OutputFile;
import io.vitj.model.checkpoint.SafetensorsWriter;
import io.vitj.model.image.Preprocess;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code vit preprocess}: what a model sees of images. */
@Command(
    name = "preprocess",
    description =
        "Writes images as the model's input: the tensor pixel_values (N, 3, H, W), with the names"
            + " of the images as a JSON array in the metadata.")
final class PreprocessCommand implements Callable<Integer> {
  private static final int CHANNELS = 3;

  @ParentCommand private VitCommand vit;
  @Mixin private ModelOption model;
  @Mixin private ImageSizeOption size;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "The .safetensors file to write.")
  private Path output;

  @Mixin private ImageOptions images;

  @Override
  public Integer call() throws IOException {
    OutputFile.requireWritable(output);
    List<ImageSource> sources = images.sources(vit);
    Preprocess preprocess;
    try (ModelBundle bundle = model.load()) {
      preprocess = size.preprocess(bundle);
    }
    try (Arena arena = Arena.ofConfined()) {
      Shape shape = Shape.of(sources.size(), CHANNELS, preprocess.height(), preprocess.width());
      Tensor pixelValues = Tensor.allocate(arena, shape);
      List<String> names = new ArrayList<>();
      var loop =
          new ImageLoop<ImageSource, float[], float[]>(
              vit,
              images.loading(),
              Function.identity(),
              preprocess::apply,
              Function.identity(),
              (image, pixels) -> {
                if (pixels != null) {
                  pixelValues.slice(names.size(), 1).copyFrom(pixels);
                  names.add(image.name());
                }
              });
      int code = loop.run(sources);
      if (!names.isEmpty()) {
        new SafetensorsWriter()
            .metadata("images", JsonOutput.tree(names).toString())
            .add("pixel_values", pixelValues.slice(0, names.size()))
            .write(output);
      }
      return code;
    }
  }
}
