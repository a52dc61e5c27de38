package io.vitj.cli;

import io.vitj.model.ModelBundle;
import io.vitj.model.VisionTransformer;
import io.vitj.model.image.Preprocess;
import io.vitj.model.onnx.OnnxExporter;
import io.vitj.model.pipeline.PipelineBuilder;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option that runs a model at another input size than its own. */
final class ImageSizeOption {
  /**
   * An input size in pixels.
   *
   * @param height rows
   * @param width pixels in a row
   */
  private record Size(int height, int width) {}

  /** Reads {@code 384} and {@code 384x512}. */
  static final class Converter implements ITypeConverter<Size> {
    private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,6})(?:x([1-9]\\d{0,6}))?");

    @Override
    public Size convert(String text) {
      Matcher size = SIZE.matcher(text);
      if (!size.matches()) {
        throw new TypeConversionException(
            "'" + text + "' is no size in pixels, such as 384 or 384x512 (height x width)");
      }
      int height = Integer.parseInt(size.group(1));
      return new Size(height, size.group(2) == null ? height : Integer.parseInt(size.group(2)));
    }
  }

  /** The option's name. */
  static final String NAME = "--image-size";

  @Option(
      names = NAME,
      paramLabel = "H[xW]",
      converter = Converter.class,
      description =
          "Run the model at this input size, height and width multiples of its patch: its positions"
              + " are resampled, and images resized to it (default: the model's size).")
  private Size size;

  /**
   * Returns the size as it was given.
   *
   * @return null if it was not
   */
  Object value() {
    return size == null ? null : size.height() + "x" + size.width();
  }

  /**
   * Starts a pipeline of this size.
   *
   * @param builder what is made of a checkpoint
   * @param model the checkpoint
   * @param vit the command that runs it
   * @return its settings: size, architecture, weights and threads
   * @param <B> their type
   */
  <B extends PipelineBuilder<B>> B pipeline(
      Function<Path, B> builder, ModelOption model, VitCommand vit) {
    B settings =
        builder
            .apply(model.path())
            .architecture(model.architecture())
            .weights(model.weights())
            .threads(vit.threads());
    return size == null ? settings : settings.imageSize(size.height(), size.width());
  }

  /**
   * Sets the size of an exported graph.
   *
   * @param exporter the exporter of the model
   * @return an exporter for that size
   */
  OnnxExporter applyTo(OnnxExporter exporter) {
    return size == null ? exporter : exporter.at(size.height(), size.width());
  }

  /**
   * Finds how images become input of this size.
   *
   * @param bundle the model
   * @return its preprocessing
   */
  Preprocess preprocess(ModelBundle bundle) {
    return size == null ? bundle.preprocess() : bundle.preprocess(size.height(), size.width());
  }

  /**
   * Finds the model of this size.
   *
   * @param model the model at its own size
   * @return the model that runs
   */
  VisionTransformer model(VisionTransformer model) {
    return size == null ? model : model.at(size.height(), size.width());
  }
}
