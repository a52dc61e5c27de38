package io.vitj.model.pipeline;

import io.vitj.model.ModelException;
import io.vitj.model.Session;
import io.vitj.model.ViTConfig;
import io.vitj.model.image.ImageDecoder;
import io.vitj.model.image.RgbImage;
import io.vitj.nn.Observer;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Gives what the layers of a model make of images: the features of every patch, for segmentation,
 * correspondence or a head of one's own. As timm's {@code forward_intermediates}, whose output NCHW
 * is here (h, w, D) for each image.
 *
 * <pre>{@code
 * try (ImageFeatures features =
 *     ImageFeatures.builder(Path.of("vit-base-patch16-224")).layers(-4, -1).norm(true).build()) {
 *   List<FeatureMap> layers = features.intermediates(Path.of("cat.jpg"));
 * }
 * }</pre>
 *
 * <p>Immutable and thread-safe: load one, share it, close it in the end. The result for an image
 * does not depend on the number of threads nor on the images it is computed with.
 *
 * <p>All methods throw a {@link ModelException}, with one line for the user, for an image that
 * cannot be decoded; and an {@link IllegalStateException} after {@link #close}.
 */
public final class ImageFeatures implements AutoCloseable {
  private final Pipeline pipeline;
  private final ViTConfig config;
  private final SortedSet<Integer> layers;
  private final boolean norm;

  private ImageFeatures(
      Pipeline pipeline, ViTConfig config, SortedSet<Integer> layers, boolean norm) {
    this.pipeline = pipeline;
    this.config = config;
    this.layers = layers;
    this.norm = norm;
  }

  /**
   * Loads a model with all defaults: its last layer, before the norm.
   *
   * @param model its directory: config.json, model.safetensors, preprocessor_config.json
   * @return its features
   * @throws ModelException if the model cannot be loaded
   */
  public static ImageFeatures load(Path model) {
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

  /** Settings. */
  public static final class Builder extends PipelineBuilder<Builder> {
    private int[] layers = {-1};
    private boolean all;
    private boolean norm;

    private Builder(Path model) {
      super(model);
    }

    /**
     * Sets the layers whose output is wanted.
     *
     * @param indices from 0; negative numbers count from the end, −1 being the last, which is the
     *     default. The order does not matter
     * @return this builder
     */
    public Builder layers(int... indices) {
      layers = indices.clone();
      all = false;
      return this;
    }

    /**
     * Asks for the output of every layer.
     *
     * @return this builder
     */
    public Builder allLayers() {
      all = true;
      return this;
    }

    /**
     * Sets whether the model's last norm is applied to the features of every layer.
     *
     * @param value false by default
     * @return this builder
     */
    public Builder norm(boolean value) {
      norm = value;
      return this;
    }

    /**
     * Loads the model.
     *
     * @return its features
     * @throws ModelException if the model cannot be loaded, or has no such layer
     */
    public ImageFeatures build() {
      return build(
          Session.Detail.FEATURES,
          bundle -> bundle.model().embedder(ViTConfig.Pooling.NONE),
          (pipeline, bundle) -> {
            ViTConfig config = pipeline.config();
            return new ImageFeatures(pipeline, config, chosen(config.depth()), norm);
          });
    }

    private SortedSet<Integer> chosen(int depth) {
      SortedSet<Integer> chosen = new TreeSet<>();
      IntStream indices = all ? IntStream.range(0, depth) : Arrays.stream(layers);
      indices.forEach(index -> chosen.add(Indices.of("layer", index, depth)));
      return chosen;
    }
  }

  /**
   * Returns the layers whose output is made.
   *
   * @return their numbers from 0, ascending
   */
  public List<Integer> layers() {
    return List.copyOf(layers);
  }

  /**
   * Returns the shape of a layer's patches.
   *
   * @return (h, w, D): rows and columns of the patch grid, and the width of the model
   */
  public Shape patchShape() {
    return Shape.of(config.gridHeight(), config.gridWidth(), config.width());
  }

  /**
   * Returns the shape of a layer's tokens before the patches.
   *
   * @return (P, D): their number, and the width of the model
   */
  public Shape prefixShape() {
    return Shape.of(config.prefixTokens(), config.width());
  }

  /**
   * Computes the features of an image file.
   *
   * @param image a file of any supported format
   * @return one map a layer, the first layer first
   */
  public List<FeatureMap> intermediates(Path image) {
    return run(List.of(image), i -> ImageDecoder.decode(i, pipeline.limits())).getFirst();
  }

  /**
   * Computes the features of a decoded image.
   *
   * @param image of any size
   * @return one map a layer, the first layer first
   */
  public List<FeatureMap> intermediates(RgbImage image) {
    return intermediates(List.of(image)).getFirst();
  }

  /**
   * Computes the features of decoded images, batches of them together.
   *
   * @param images of any size
   * @return for each image one map a layer, the first layer first
   */
  public List<List<FeatureMap>> intermediates(List<RgbImage> images) {
    return run(images, Function.identity());
  }

  private <S> List<List<FeatureMap>> run(List<S> images, Function<S, RgbImage> decode) {
    return pipeline.compute(images, decode, this::observe);
  }

  private List<List<FeatureMap>> observe(Session session) {
    try (Arena arena = Arena.ofShared()) {
      Map<Integer, Tensor> outputs = new TreeMap<>(); // (B, T, D) by layer
      session.run(
          new Observer() {
            @Override
            public void block(int block, Tensor x) {
              if (layers.contains(block)) {
                Tensor copy = Tensor.allocate(arena, x.shape());
                copy.copyFrom(x);
                outputs.put(block, copy);
              }
            }
          });
      if (norm) {
        outputs.values().forEach(session::normalise);
      }
      List<List<FeatureMap>> results = new ArrayList<>();
      for (int b = 0; b < session.batch(); b++) {
        List<FeatureMap> maps = new ArrayList<>();
        for (Map.Entry<Integer, Tensor> output : outputs.entrySet()) {
          maps.add(map(output.getKey(), output.getValue().slice(b, 1)));
        }
        results.add(maps);
      }
      return results;
    }
  }

  /**
   * Parts the tokens of an image.
   *
   * @param x (1, T, D)
   */
  private FeatureMap map(int layer, Tensor x) {
    int prefix = config.prefixTokens();
    Tensor tokens = x.reshape(Shape.of(config.tokens(), config.width()));
    return new FeatureMap(
        layer,
        config,
        tokens.slice(prefix, config.patches()).toFloats(),
        prefix == 0 ? new float[0] : tokens.slice(0, prefix).toFloats());
  }

  /** Frees all memory. Waits for calls that run in other threads. */
  @Override
  public void close() {
    pipeline.close();
  }
}
