package io.vitj.model.pipeline;

import io.vitj.model.ModelBundle;
import io.vitj.model.ModelException;
import io.vitj.model.Session;
import io.vitj.model.VisionTransformer;
import io.vitj.model.image.ImageDecoder;
import io.vitj.model.image.RgbImage;
import io.vitj.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Says what images show.
 *
 * <pre>{@code
 * try (ImageClassifier classifier = ImageClassifier.load(Path.of("vit-base-patch16-224"))) {
 *   for (Classification c : classifier.classify(Path.of("cat.jpg"), 5)) {
 *     System.out.println(c.label() + " " + c.score());
 *   }
 * }
 * }</pre>
 *
 * <p>Immutable and thread-safe: load one, share it, close it in the end. The result for an image
 * does not depend on the number of threads nor on the images it is computed with.
 *
 * <p>All methods throw a {@link ModelException}, with one line for the user, for an image that
 * cannot be decoded and for a {@code topK} outside 1 to the number of classes; and an {@link
 * IllegalStateException} after {@link #close}.
 */
public final class ImageClassifier implements AutoCloseable {
  private final Pipeline pipeline;
  private final List<String> labels;
  private final Function<Session, Tensor> output;
  private final UnaryOperator<float[]> head;
  private final boolean sigmoid;

  /**
   * Joins a model and what makes logits of its output.
   *
   * @param pipeline runs the model
   * @param labels one for each class
   * @param output what the model computes, (B, …)
   * @param head makes the logits of an image from its row of the output
   * @param sigmoid whether classes are scored each for itself
   */
  ImageClassifier(
      Pipeline pipeline,
      List<String> labels,
      Function<Session, Tensor> output,
      UnaryOperator<float[]> head,
      boolean sigmoid) {
    this.pipeline = pipeline;
    this.labels = labels;
    this.output = output;
    this.head = head;
    this.sigmoid = sigmoid;
  }

  /**
   * Loads a model with all defaults.
   *
   * @param model its directory: config.json, model.safetensors, preprocessor_config.json
   * @return the classifier
   * @throws ModelException if the model cannot be loaded, or has no classifier
   */
  public static ImageClassifier load(Path model) {
    return builder(model).build();
  }

  /**
   * Starts with a model and default settings.
   *
   * @param model its directory: config.json, model.safetensors, preprocessor_config.json
   * @return a builder
   */
  public static Builder builder(Path model) {
    return new Builder(model);
  }

  /** Settings of a classifier. */
  public static final class Builder extends PipelineBuilder<Builder> {
    private Builder(Path model) {
      super(model);
    }

    /**
     * Loads the model.
     *
     * @return the classifier
     * @throws ModelException if the model cannot be loaded, or has no classifier
     */
    public ImageClassifier build() {
      return build(
          Session.Detail.RESULT,
          this::withClassifier,
          (pipeline, bundle) ->
              new ImageClassifier(
                  pipeline, bundle.labels(), Session::logits, UnaryOperator.identity(), false));
    }

    private VisionTransformer withClassifier(ModelBundle bundle) {
      if (bundle.model().config().classes() == 0) {
        throw new ModelException(
            "%s: this model has no classifier (%s); embed, or name labels if it knows texts"
                .formatted(model(), bundle.architecture()));
      }
      return bundle.model();
    }
  }

  /**
   * Returns the names of the classes.
   *
   * @return one for each class, by index
   */
  public List<String> labels() {
    return labels;
  }

  /**
   * Classifies an image file.
   *
   * @param image a file of any supported format
   * @param topK how many classes to return
   * @return the most likely classes, likeliest first
   */
  public List<Classification> classify(Path image, int topK) {
    return classifyAll(List.of(image), topK).getFirst();
  }

  /**
   * Classifies an encoded image.
   *
   * @param image a stream of any supported format; read to its end, not closed
   * @param topK how many classes to return
   * @return the most likely classes, likeliest first
   */
  public List<Classification> classify(InputStream image, int topK) {
    return run(List.of(image), topK, i -> ImageDecoder.decode(i, pipeline.limits())).getFirst();
  }

  /**
   * Classifies an AWT image.
   *
   * @param image of any type
   * @param topK how many classes to return
   * @return the most likely classes, likeliest first
   */
  public List<Classification> classify(BufferedImage image, int topK) {
    return classify(RgbImage.of(image), topK);
  }

  /**
   * Classifies a decoded image.
   *
   * @param image of any size
   * @param topK how many classes to return
   * @return the most likely classes, likeliest first
   */
  public List<Classification> classify(RgbImage image, int topK) {
    return classifyImages(List.of(image), topK).getFirst();
  }

  /**
   * Classifies image files, computing batches of them together.
   *
   * @param images files of any supported format
   * @param topK how many classes to return for each
   * @return for each image the most likely classes, likeliest first
   */
  public List<List<Classification>> classifyAll(List<Path> images, int topK) {
    return run(images, topK, i -> ImageDecoder.decode(i, pipeline.limits()));
  }

  /**
   * Classifies decoded images, computing batches of them together.
   *
   * @param images of any size
   * @param topK how many classes to return for each
   * @return for each image the most likely classes, likeliest first
   */
  public List<List<Classification>> classifyImages(List<RgbImage> images, int topK) {
    return run(images, topK, Function.identity());
  }

  /**
   * Computes the outputs of the model's head.
   *
   * @param images of any size
   * @return for each image one logit for each class
   */
  public float[][] logits(List<RgbImage> images) {
    return pipeline.run(images, Function.identity(), output).stream()
        .map(head)
        .toArray(float[][]::new);
  }

  private <S> List<List<Classification>> run(
      List<S> images, int topK, Function<S, RgbImage> decode) {
    pipeline.requireOpen();
    if (topK < 1 || topK > labels.size()) {
      throw new ModelException(
          "top-k must be at least 1 and at most the " + labels.size() + " classes, not " + topK);
    }
    return pipeline.run(images, decode, output).stream()
        .map(row -> TopK.of(head.apply(row), labels, topK, sigmoid))
        .toList();
  }

  /** Frees all memory. Waits for calls that run in other threads. */
  @Override
  public void close() {
    pipeline.close();
  }
}
