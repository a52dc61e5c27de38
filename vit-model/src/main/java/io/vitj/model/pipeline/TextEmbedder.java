package io.vitj.model.pipeline;

import io.vitj.model.ModelBundle;
import io.vitj.model.ModelException;
import io.vitj.model.PackedParts;
import io.vitj.model.SessionPool;
import io.vitj.model.Similarity;
import io.vitj.model.TextConfig;
import io.vitj.model.TextSession;
import io.vitj.model.TextTransformer;
import io.vitj.model.checkpoint.family.TextDirectory;
import io.vitj.model.packed.PackedFile;
import io.vitj.model.packed.PackedText;
import io.vitj.model.text.Tokenizer;
import io.vitj.tensor.DType;
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
 * <p>Thread-safe: load one, share it, close it in the end. The result for a text does not depend on
 * the number of threads nor on the texts it is computed with. A text that is longer than the
 * model's context is cut.
 */
public final class TextEmbedder implements AutoCloseable {
  /** Lengths of texts are rounded up to this, so that texts of about one length share a session. */
  private static final int LENGTH_STEP = 8;

  private final Tokenizer tokenizer;
  private final TextTransformer model;
  private final Arena arena;
  private final Parallel parallel;
  private final SessionPool<Size, TextSession> sessions;
  private final int maxBatch;
  private final boolean normalize;
  private boolean closed;

  /** What a session is planned for. */
  private record Size(int batch, int tokens) {}

  private TextEmbedder(Builder builder, PackedText source, Arena arena) {
    this.arena = arena;
    tokenizer = source.tokenizer();
    model = source.model();
    maxBatch = builder.maxBatch();
    normalize = builder.normalize;
    parallel = builder.parallel();
    sessions =
        new SessionPool<>(
            parallel.workers(),
            size -> new TextSession(model, parallel, size.batch(), size.tokens()),
            TextSession::close);
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
      try {
        PackedText source = PackedFile.isNamed(model()) ? mapped(arena) : packed(arena);
        int vocabulary = source.model().config().vocabulary();
        if (source.tokenizer().largestId() >= vocabulary) {
          throw new ModelException(
              "%s: the tokenizer makes ids up to %d, but the text tower knows %d tokens"
                  .formatted(model(), source.tokenizer().largestId(), vocabulary));
        }
        return new TextEmbedder(this, source, arena);
      } catch (Throwable failure) {
        arena.close();
        throw failure;
      }
    }

    private PackedText mapped(Arena arena) {
      ModelBundle.requireNone(model(), weights());
      return PackedText.open(model(), arena);
    }

    private PackedText packed(Arena arena) {
      PackedParts parts = PackedParts.made(weights() == null ? DType.F32 : weights());
      try (TextDirectory source = TextDirectory.open(model(), architecture())) {
        return new PackedText(
            TextTransformer.of(source.config(), source.weights(), arena, parts),
            Tokenizer.load(source.directory()));
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
   * @throws IllegalStateException after {@link #close}
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
   * @throws IllegalStateException after {@link #close}
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
    int[][] read = Arrays.stream(ids).map(t -> Arrays.copyOf(t, tokens)).toArray(int[][]::new);
    sessions.use(
        new Size(ids.length, tokens),
        session -> {
          session.run(read);
          for (int b = 0; b < read.length; b++) {
            float[] vector = session.embeddings().slice(b, 1).toFloats();
            if (normalize) {
              Vectors.normalize(vector);
            }
            vectors.add(vector);
          }
          return null;
        });
  }

  /** Frees all memory. Waits for calls that run in other threads. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      sessions.close();
      parallel.close();
      arena.close();
    }
  }
}
