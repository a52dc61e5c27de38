package io.vitj.model.pipeline;

import io.vitj.model.ModelException;
import io.vitj.model.Similarity;
import io.vitj.model.TextConfig;
import io.vitj.model.TextSession;
import io.vitj.model.TextTransformer;
import io.vitj.model.checkpoint.family.TextDirectory;
import io.vitj.model.text.Tokenizer;
import io.vitj.tensor.parallel.Parallel;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes vectors of texts with the text tower of a CLIP or SigLIP, near those that {@link
 * ImageEmbedder} makes of the images that a text describes.
 *
 * <p>Immutable and thread-safe: load one, share it, close it in the end. The result for a text does
 * not depend on the number of threads nor on the texts it is computed with. A text that is longer
 * than the model's context is cut.
 */
public final class TextEmbedder implements AutoCloseable {
  /** Lengths of texts are rounded up to this, so that texts of about one length share a session. */
  private static final int LENGTH_STEP = 8;

  private final Tokenizer tokenizer;
  private final TextTransformer model;
  private final Arena arena;
  private final Parallel parallel;
  private final int maxBatch;
  private final boolean normalize;

  private TextEmbedder(Builder builder, Tokenizer tokenizer, TextDirectory source, Arena arena) {
    this.tokenizer = tokenizer;
    this.arena = arena;
    model = TextTransformer.of(source.config(), source.weights(), arena);
    maxBatch = builder.maxBatch();
    normalize = builder.normalize;
    parallel = builder.parallel();
  }

  /**
   * Loads a model with all defaults.
   *
   * @param model its directory: a full CLIP or SigLIP with its tokenizer
   * @return the embedder
   * @throws ModelException if the model cannot be loaded, or has no text tower
   */
  public static TextEmbedder load(Path model) {
    return builder(model).build();
  }

  /**
   * Starts with a model and default settings.
   *
   * @param model its directory: a full CLIP or SigLIP with its tokenizer
   * @return a builder
   */
  public static Builder builder(Path model) {
    return new Builder(model);
  }

  /** Settings of an embedder. */
  public static final class Builder extends PipelineBuilder<Builder> {
    private boolean normalize;

    private Builder(Path model) {
      super(model);
    }

    @Override
    Builder self() {
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
     * @throws ModelException if the model cannot be loaded, or has no text tower
     */
    public TextEmbedder build() {
      Arena arena = Arena.ofShared();
      try (TextDirectory source = TextDirectory.open(model())) {
        Tokenizer tokenizer = Tokenizer.load(source.directory());
        int vocabulary = source.config().vocabulary();
        if (tokenizer.largestId() >= vocabulary) {
          throw new ModelException(
              "%s: the tokenizer makes ids up to %d, but the text tower knows %d tokens"
                  .formatted(source.directory(), tokenizer.largestId(), vocabulary));
        }
        return new TextEmbedder(this, tokenizer, source, arena);
      } catch (Throwable failure) {
        arena.close();
        throw failure;
      }
    }
  }

  /**
   * Returns the length of the vectors.
   *
   * @return that of the image embeddings of the same model
   */
  public int width() {
    return model.config().embeddingWidth();
  }

  /**
   * Returns how the vectors are compared with those of images.
   *
   * @return what the model has learned about it
   */
  public Similarity similarity() {
    return model.similarity();
  }

  /**
   * Embeds a text.
   *
   * @param text any text
   * @return its vector
   * @throws ModelException if the vocabulary cannot express it
   */
  public float[] embed(String text) {
    return embedAll(List.of(text))[0];
  }

  /**
   * Embeds texts, computing batches of them together.
   *
   * @param texts any texts
   * @return a vector for each
   * @throws ModelException if the vocabulary cannot express one
   */
  public float[][] embedAll(List<String> texts) {
    TextConfig config = model.config();
    List<float[]> vectors = new ArrayList<>(texts.size());
    for (int i = 0; i < texts.size(); i += maxBatch) {
      List<String> batch = texts.subList(i, Math.min(i + maxBatch, texts.size()));
      int[][] ids =
          batch.stream()
              .map(text -> tokenizer.encode(text, config.contextLength()))
              .toArray(int[][]::new);
      embed(ids, vectors);
    }
    return vectors.toArray(float[][]::new);
  }

  private void embed(int[][] ids, List<float[]> vectors) {
    int tokens = model.config().tokensRead(LENGTH_STEP, ids);
    try (TextSession session = new TextSession(model, parallel, ids.length, tokens)) {
      session.run(
          Arrays.stream(ids).map(text -> Arrays.copyOf(text, tokens)).toArray(int[][]::new));
      for (int b = 0; b < ids.length; b++) {
        float[] vector = session.embeddings().slice(b, 1).toFloats();
        if (normalize) {
          Vectors.normalize(vector);
        }
        vectors.add(vector);
      }
    }
  }

  /** Frees all memory. No call must run in another thread. */
  @Override
  public void close() {
    parallel.close();
    arena.close();
  }
}
