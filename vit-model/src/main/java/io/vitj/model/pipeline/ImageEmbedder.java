package io.vitj.model.pipeline;

import io.vitj.model.ModelBundle;
import io.vitj.model.ModelException;
import io.vitj.model.QueryException;
import io.vitj.model.Session;
import io.vitj.model.ViTConfig;
import io.vitj.model.VisionTransformer;
import io.vitj.model.image.ImageDecoder;
import io.vitj.model.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * Makes vectors of images, near one another for images that look alike to the model. It needs no
 * classifier and uses none.
 *
 * <p>A vector is the class token or the mean of the patch tokens after the last norm, or what the
 * model's own attention pooling makes of all tokens; it is as wide as the model. A model that has
 * its norm after the pooling instead (timm's {@code fc_norm}) applies that. The image tower of a
 * CLIP projects the vector into the space of its texts, unless another pooling is asked for.
 *
 * <p>Immutable and thread-safe: load one, share it, close it in the end. The result for an image
 * does not depend on the number of threads nor on the images it is computed with.
 *
 * <p>All methods throw a {@link ModelException}, with one line for the user, for an image that
 * cannot be decoded; and an {@link IllegalStateException} after {@link #close}.
 */
public final class ImageEmbedder implements AutoCloseable {
  private final Pipeline pipeline;
  private final boolean normalize;
  private final int width;

  /** How the tokens of an image become one vector. */
  public enum Pooling {
    /** The class token. */
    CLS(ViTConfig.Pooling.TOKEN),
    /** The mean of the patch tokens. */
    MEAN(ViTConfig.Pooling.AVG),
    /** Attention from the probe that the model was trained with (SigLIP). */
    ATTENTION(ViTConfig.Pooling.ATTENTION);

    private final ViTConfig.Pooling pooling;

    Pooling(ViTConfig.Pooling pooling) {
      this.pooling = pooling;
    }

    /** What a model was trained with: its own pooling, else the class token if it has one. */
    static Pooling of(ViTConfig config) {
      return switch (config.pooling()) {
        case TOKEN, TOKEN_AND_AVG -> CLS;
        case AVG -> MEAN;
        case ATTENTION -> ATTENTION;
        case NONE -> config.classToken() ? CLS : MEAN;
      };
    }
  }

  private ImageEmbedder(Pipeline pipeline, boolean normalize, int width) {
    this.pipeline = pipeline;
    this.normalize = normalize;
    this.width = width;
  }

  /**
   * Loads a model with all defaults.
   *
   * @param model its directory: config.json, model.safetensors, preprocessor_config.json
   * @return the embedder
   * @throws ModelException if the model cannot be loaded
   */
  public static ImageEmbedder load(Path model) {
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

  /** Settings of an embedder. */
  public static final class Builder extends PipelineBuilder<Builder> {
    private Pooling pooling;
    private boolean normalize;

    private Builder(Path model) {
      super(model);
    }

    /**
     * Sets how tokens become a vector. The default is what the model was trained with: the pooling
     * in front of its classifier; without one the class token, if there is one.
     *
     * @param value the pooling
     * @return this builder
     */
    public Builder pooling(Pooling value) {
      pooling = Objects.requireNonNull(value, "pooling");
      return this;
    }

    /**
     * Sets whether vectors are scaled to length 1, so that dot products are cosines.
     *
     * @param value false by default
     * @return this builder
     */
    public Builder normalize(boolean value) {
      normalize = value;
      return this;
    }

    /**
     * Loads the model.
     *
     * @return the embedder
     * @throws ModelException if the model cannot be loaded, or has no token for this pooling
     */
    public ImageEmbedder build() {
      return build(
          Session.Detail.RESULT,
          this::withPooling,
          (pipeline, bundle) ->
              new ImageEmbedder(pipeline, normalize, vectorWidth(bundle.model().config())));
    }

    /** A model with a projection was trained for what comes out of it, unless told otherwise. */
    private boolean projects(ViTConfig config) {
      return pooling == null && config.projectionWidth() > 0;
    }

    private int vectorWidth(ViTConfig config) {
      return projects(config) ? config.projectionWidth() : config.width();
    }

    private VisionTransformer withPooling(ModelBundle bundle) {
      ViTConfig config = bundle.model().config();
      if (projects(config)) {
        return bundle.model();
      }
      Pooling chosen = pooling == null ? Pooling.of(config) : pooling;
      if (chosen == Pooling.CLS && !config.classToken()) {
        throw new QueryException(
            model() + ": this model has no class token; embed with the mean of the patches");
      }
      if (chosen == Pooling.ATTENTION && config.pooling() != ViTConfig.Pooling.ATTENTION) {
        throw new QueryException(
            model() + ": this model has no attention pooling; embed with another pooling");
      }
      return bundle.model().embedder(chosen.pooling);
    }
  }

  /**
   * Returns the length of the vectors.
   *
   * @return the width of the model, or of its projection
   */
  public int width() {
    return width;
  }

  /**
   * Embeds an image file.
   *
   * @param image a file of any supported format
   * @return its vector
   */
  public float[] embed(Path image) {
    return embedAll(List.of(image))[0];
  }

  /**
   * Embeds an encoded image.
   *
   * @param image a stream of any supported format; read to its end, not closed
   * @return its vector
   */
  public float[] embed(InputStream image) {
    return run(List.of(image), i -> ImageDecoder.decode(i, pipeline.limits()))[0];
  }

  /**
   * Embeds an AWT image.
   *
   * @param image of any type
   * @return its vector
   */
  public float[] embed(BufferedImage image) {
    return embed(RgbImage.of(image));
  }

  /**
   * Embeds a decoded image.
   *
   * @param image of any size
   * @return its vector
   */
  public float[] embed(RgbImage image) {
    return embedImages(List.of(image))[0];
  }

  /**
   * Embeds image files, computing batches of them together.
   *
   * @param images files of any supported format
   * @return a vector for each
   */
  public float[][] embedAll(List<Path> images) {
    return run(images, i -> ImageDecoder.decode(i, pipeline.limits()));
  }

  /**
   * Embeds decoded images, computing batches of them together.
   *
   * @param images of any size
   * @return a vector for each
   */
  public float[][] embedImages(List<RgbImage> images) {
    return run(images, Function.identity());
  }

  private <S> float[][] run(List<S> images, Function<S, RgbImage> decode) {
    float[][] vectors = pipeline.run(images, decode, Session::embedding).toArray(float[][]::new);
    if (normalize) {
      for (float[] vector : vectors) {
        Vectors.normalize(vector);
      }
    }
    return vectors;
  }

  /**
   * Compares two vectors: the cosine of the angle between them, a·b/(|a|·|b|).
   *
   * @param a a vector
   * @param b another of the same length
   * @return from −1 to 1, 1 for the same direction; 0 if either is the zero vector
   * @throws IllegalArgumentException if the lengths differ
   */
  public static double cosine(float[] a, float[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException("vectors of " + a.length + " and " + b.length + " values");
    }
    double lengths = Math.sqrt(Vectors.dot(a, a)) * Math.sqrt(Vectors.dot(b, b));
    return lengths == 0 ? 0 : Math.clamp(Vectors.dot(a, b) / lengths, -1.0, 1.0);
  }

  /** Frees all memory. Waits for calls that run in other threads. */
  @Override
  public void close() {
    pipeline.close();
  }
}
