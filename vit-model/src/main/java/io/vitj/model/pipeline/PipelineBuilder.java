package io.vitj.model.pipeline;

import io.vitj.model.ModelBundle;
import io.vitj.model.ModelException;
import io.vitj.model.Session;
import io.vitj.model.VisionTransformer;
import io.vitj.model.image.DecodeLimits;
import io.vitj.model.image.Preprocess;
import io.vitj.tensor.DType;
import io.vitj.tensor.parallel.Parallel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The settings that all pipelines have.
 *
 * @param <B> the builder itself
 */
public abstract sealed class PipelineBuilder<B extends PipelineBuilder<B>>
    permits AttentionMaps.Builder,
        ImageClassifier.Builder,
        ImageEmbedder.Builder,
        ImageFeatures.Builder,
        TextEmbedder.Builder,
        ZeroShotClassifier.Builder {
  /** Enough images to keep the threads busy in every step; more only costs memory. */
  private static final int DEFAULT_BATCH = 8;

  private final Path model;
  private String architecture;
  private DType weights;
  private int imageHeight; // 0: the model's own
  private int imageWidth;
  private int threads = Runtime.getRuntime().availableProcessors();
  private ForkJoinPool pool;
  private int maxBatch = DEFAULT_BATCH;
  private DecodeLimits limits = DecodeLimits.DEFAULT;

  PipelineBuilder(Path model) {
    this.model = Objects.requireNonNull(model, "model");
  }

  @SuppressWarnings("unchecked") // each of the permitted classes passes itself as B
  private B self() {
    return (B) this;
  }

  /**
   * Names the architecture of weights that come without a {@code config.json}, or whose config is
   * not to be followed.
   *
   * @param name its name in timm, with or without a tag; null where the model says it itself, which
   *     is the default
   * @return this builder
   */
  public B architecture(String name) {
    architecture = name;
    return self();
  }

  /**
   * Says how the matrices of the model are kept in memory; it computes in F32 either way.
   *
   * @param dtype BF16 for half the memory, with each weight rounded to 8 bits: nothing is lost
   *     where the checkpoint holds BF16; F32, which is the default; null for the default, and for
   *     what a packed file holds
   * @return this builder
   * @throws ModelException if it is F16
   */
  public B weights(DType dtype) {
    if (dtype == DType.F16) {
      throw new ModelException("weights are kept as F32 or BF16, not F16");
    }
    weights = dtype;
    return self();
  }

  DType weights() {
    return weights;
  }

  /**
   * Runs the model at another input size: its position embeddings are resampled, and pictures are
   * resized and cropped to that size ({@link ModelBundle#preprocess(int, int)}).
   *
   * @param height height of the input in pixels, a multiple of the model's patch
   * @param width width of the input in pixels, a multiple of it too
   * @return this builder
   * @throws ModelException if one is below 1
   */
  public B imageSize(int height, int width) {
    imageHeight = atLeastOne("image height", height);
    imageWidth = atLeastOne("image width", width);
    return self();
  }

  Preprocess preprocess(ModelBundle bundle) {
    return imageHeight == 0 ? bundle.preprocess() : bundle.preprocess(imageHeight, imageWidth);
  }

  /**
   * Computes with threads of its own.
   *
   * @param count how many, the calling thread included; all processors by default
   * @return this builder
   * @throws ModelException if it is below 1
   */
  public B threads(int count) {
    threads = atLeastOne("threads", count);
    pool = null;
    return self();
  }

  /**
   * Computes with threads of a given pool and the calling thread, which may be one of the pool's.
   *
   * @param borrowed the pool; it is not closed
   * @return this builder
   */
  public B pool(ForkJoinPool borrowed) {
    pool = Objects.requireNonNull(borrowed, "pool");
    return self();
  }

  /**
   * Sets how many images are computed together. Larger batches need more memory.
   *
   * @param images at most so many; 8 by default
   * @return this builder
   * @throws ModelException if it is below 1
   */
  public B maxBatch(int images) {
    maxBatch = atLeastOne("maxBatch", images);
    return self();
  }

  /**
   * Sets how large an image may be, as a guard against files that are small but decode to
   * gigabytes.
   *
   * @param pixels the largest width · height that is decoded
   * @return this builder
   * @throws ModelException if it is below 1
   */
  public B maxPixels(long pixels) {
    if (pixels < 1) {
      throw new ModelException("maxPixels must be at least 1, not " + pixels);
    }
    limits = new DecodeLimits(pixels);
    return self();
  }

  private static int atLeastOne(String name, int value) {
    if (value < 1) {
      throw new ModelException(name + " must be at least 1, not " + value);
    }
    return value;
  }

  Path model() {
    return model;
  }

  String architecture() {
    return architecture;
  }

  /**
   * Loads the model and starts its pipeline.
   *
   * @param detail what its sessions compute and keep
   * @param variant the model that runs: that of the bundle, or one that shares its weights
   * @param make makes what the user calls
   * @return what was made; it closes the pipeline, and that the bundle
   * @throws ModelException if the model cannot be loaded or run
   */
  <P> P build(
      Session.Detail detail,
      Function<ModelBundle, VisionTransformer> variant,
      BiFunction<Pipeline, ModelBundle, P> make) {
    ModelBundle bundle = ModelBundle.load(model, architecture, weights);
    try {
      return make.apply(new Pipeline(this, bundle, variant.apply(bundle), detail), bundle);
    } catch (RuntimeException | Error failure) {
      bundle.close();
      throw failure;
    }
  }

  Parallel parallel() {
    return pool == null ? Parallel.owned(threads) : Parallel.borrowed(pool);
  }

  /** Gives another builder the architecture and the threads of this one. */
  <O extends PipelineBuilder<O>> O copyTo(O other) {
    other.architecture(architecture);
    return pool == null ? other.threads(threads) : other.pool(pool);
  }

  int maxBatch() {
    return maxBatch;
  }

  DecodeLimits limits() {
    return limits;
  }
}
