package io.vitj.model;

import io.vitj.nn.ExecutionContext;
import io.vitj.nn.ExecutionContext.Extents;
import io.vitj.nn.Observer;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.TensorOps;
import io.vitj.tensor.memory.Workspace;
import io.vitj.tensor.memory.WorkspacePlan;
import io.vitj.tensor.parallel.Parallel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A place to run a {@link VisionTransformer}: the memory of one batch size and the threads.
 *
 * <pre>{@code
 * session.input().copyFrom(pixelValues);
 * session.run();
 * float[] logits = session.logits().toFloats();
 * }</pre>
 *
 * <p>All memory is allocated here; {@link #run} allocates nothing once warm. Not thread-safe, but
 * different threads may use it one after the other, and close it.
 */
public final class Session implements AutoCloseable {
  private static final int INFINITY_BITS = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

  private final VisionTransformer model;
  private final int batch;
  private final Detail detail;
  private final Arena arena;
  private final long bytes;
  private final TensorOps ops;
  private final ExecutionContext context;
  private final ExecutionContext contextRead; // for the tokens that are read after the last block
  private final Activations activations;

  /** What a session computes and keeps, each more than the one before. */
  public enum Detail {
    /** {@link #preLogits} and {@link #logits}: the last block has only the tokens pooled. */
    RESULT,
    /** {@link #features} too; an observer may see the blocks. */
    FEATURES,
    /** An observer sees the attention of every block too. */
    ATTENTION
  }

  /**
   * Plans a session for {@link #preLogits} and {@link #logits}.
   *
   * @param model the model; it must stay open as long as this session
   * @param parallel the threads
   * @param batch the number of images B of a forward pass
   * @throws ModelException if the batch is below 1
   */
  public Session(VisionTransformer model, Parallel parallel, int batch) {
    this(model, parallel, batch, Detail.RESULT);
  }

  /**
   * Plans a session.
   *
   * @param model the model; it must stay open as long as this session
   * @param parallel the threads
   * @param batch the number of images B of a forward pass
   * @param detail what is needed
   * @throws ModelException if the batch is below 1
   */
  public Session(VisionTransformer model, Parallel parallel, int batch, Detail detail) {
    if (batch < 1) {
      throw new ModelException("a batch needs at least 1 image, not " + batch);
    }
    ViTConfig c = model.config();
    this.model = model;
    this.batch = batch;
    this.detail = detail;
    boolean keepFeatures = detail != Detail.RESULT;
    boolean attention = detail == Detail.ATTENTION;
    int tokensRead = keepFeatures ? c.tokens() : model.tokensRead();
    WorkspacePlan plan = new WorkspacePlan();
    Activations.plan(plan, c, batch, tokensRead, keepFeatures);
    Extents extents =
        new Extents(
            batch,
            c.tokens(),
            c.width(),
            c.heads(),
            c.mlpHidden(),
            c.mlpKind() != ViTConfig.MlpKind.PLAIN,
            c.pooling() == ViTConfig.Pooling.ATTENTION);
    ExecutionContext.plan(plan, extents, attention);
    arena = Arena.ofShared();
    try {
      Workspace workspace = plan.allocate(arena);
      bytes = workspace.bytes();
      ops = new TensorOps(arena, parallel);
      context = new ExecutionContext(ops, workspace, extents, attention);
      contextRead = tokensRead < c.tokens() ? context.first(tokensRead) : context;
      activations = new Activations(workspace, c, batch, tokensRead);
    } catch (Throwable failure) {
      arena.close();
      throw failure;
    }
  }

  /**
   * Returns where the images go before each {@link #run}.
   *
   * @return (B, C, H, W), preprocessed; its values are lost in a run
   */
  public Tensor input() {
    return activations.pixels;
  }

  /**
   * Runs one forward pass over the {@link #input}.
   *
   * @throws ModelException if a pixel is NaN or infinite
   */
  public void run() {
    run(null);
  }

  /**
   * Runs one forward pass over the {@link #input} under the eyes of an observer.
   *
   * @param observer sees the tensors inside as they are made; null for none
   * @throws ModelException if a pixel is NaN or infinite
   * @throws IllegalStateException if there is an observer, but the session has results only
   */
  public void run(Observer observer) {
    if (observer != null && detail == Detail.RESULT) {
      throw new IllegalStateException("a session with results only cannot be observed");
    }
    requireFinite(activations.pixels);
    context.observer(observer);
    ops.begin();
    try {
      model.forward(context, contextRead, activations);
    } finally {
      ops.end();
      context.observer(null);
    }
  }

  private static void requireFinite(Tensor pixels) {
    MemorySegment memory = pixels.segment();
    long start = pixels.byteOffset();
    int count = Math.toIntExact(pixels.shape().elements());
    int largest = 0; // |value| as bits, which order like the values; NaN and infinity come last
    for (int i = 0; i < count; i++) {
      int bits = memory.get(ValueLayout.JAVA_INT, start + i * 4L);
      largest = Math.max(largest, bits & Integer.MAX_VALUE);
    }
    if (largest >= INFINITY_BITS) {
      throw notFinite(pixels);
    }
  }

  private static ModelException notFinite(Tensor pixels) {
    float[] values = pixels.toFloats();
    int at = 0;
    while (Float.isFinite(values[at])) {
      at++;
    }
    return new ModelException(
        "pixel_values holds "
            + values[at]
            + " at index "
            + at
            + " of "
            + pixels.shape()
            + "; every pixel must be a finite number");
  }

  /**
   * Returns the batch size.
   *
   * @return the images B of a forward pass
   */
  public int batch() {
    return batch;
  }

  /**
   * Counts the floating-point operations of one run: those of {@link ViTConfig#flops()} for each
   * image, less what the last block spares. A token that is not read afterwards has only its
   * queries, keys and values there: no scores and sums (2·T·D multiply-adds), no projection (D²),
   * no MLP.
   *
   * @return the operations of a forward pass of the whole batch
   */
  public long flops() {
    ViTConfig c = model.config();
    long width = c.width();
    long tokens = c.tokens();
    long spared = tokens - activations.read.shape().dim(1);
    long ofToken = 2 * tokens * width + width * width + c.mlpMultiplyAdds();
    return batch * (c.flops() - 2 * spared * ofToken);
  }

  /**
   * Returns the planned memory, without scratch memory of the worker threads.
   *
   * @return bytes
   */
  public long bytes() {
    return bytes;
  }

  /**
   * Returns the token sequence after the last norm. Valid until the next run.
   *
   * @return (B, T, D)
   * @throws IllegalStateException if this session does not keep it
   */
  public Tensor features() {
    return require(detail != Detail.RESULT ? activations.read : null, "features");
  }

  /**
   * Applies the model's last norm to rows of the residual stream, as timm's {@code
   * forward_intermediates} does to intermediate features. A model that has none there, such as one
   * with a norm after the pooling, leaves them as they are.
   *
   * @param x (…, D), overwritten
   */
  public void normalise(Tensor x) {
    model.normalise(context, x);
  }

  /**
   * Returns what the classifier sees: pooled tokens after their norm and pooler, as far as there
   * are any; with a distilled head the mean of class and distillation token. Valid until the next
   * run.
   *
   * @return (B, E)
   * @throws IllegalStateException if this model has no pooling
   */
  public Tensor preLogits() {
    boolean pooled = model.config().pooling() != ViTConfig.Pooling.NONE;
    return require(pooled ? activations.preLogits : null, "pre_logits");
  }

  /**
   * Returns the embedding of an image tower in the space that it shares with texts. Valid until the
   * next run.
   *
   * @return (B, P), not normalised
   * @throws IllegalStateException if this model has no projection
   */
  public Tensor projected() {
    return require(activations.projected, "image_embeds");
  }

  /**
   * Returns the vector that stands for an image: {@link #projected}, where there is a projection,
   * else {@link #preLogits}. Valid until the next run.
   *
   * @return (B, E)
   * @throws IllegalStateException if this model has no pooling
   */
  public Tensor embedding() {
    return activations.projected == null ? preLogits() : activations.projected;
  }

  /**
   * Returns the logits; with a distilled head the mean of both. Valid until the next run.
   *
   * @return (B, classes)
   * @throws IllegalStateException if this model has no classifier
   */
  public Tensor logits() {
    return require(activations.logits, "logits");
  }

  /**
   * Returns the logits of the class token. Valid until the next run.
   *
   * @return (B, classes)
   * @throws IllegalStateException if this model has no distilled head
   */
  public Tensor classLogits() {
    return require(activations.classLogits, "cls_logits");
  }

  /**
   * Returns the logits of the distillation token. Valid until the next run.
   *
   * @return (B, classes)
   * @throws IllegalStateException if this model has no distilled head
   */
  public Tensor distillationLogits() {
    return require(activations.distillationLogits, "distillation_logits");
  }

  private static Tensor require(Tensor output, String name) {
    if (output == null) {
      throw new IllegalStateException("this session has no output " + name);
    }
    return output;
  }

  /** Frees the memory. */
  @Override
  public void close() {
    arena.close();
  }
}
