package io.vitj.nn;

import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.TensorOps;
import io.vitj.tensor.memory.Workspace;
import io.vitj.tensor.memory.WorkspacePlan;

/**
 * What layers run on: the operations with their threads, the tensors inside a block, and the
 * observer, if any. Everything is made once for one batch size and one number of tokens, so that a
 * forward pass allocates nothing. Not thread-safe: one forward pass at a time.
 */
public final class ExecutionContext {
  private static final String NORMED = "normed";
  private static final String QKV = "qkv";
  private static final String ATTENDED = "attended";
  private static final String PROBABILITIES = "probabilities";
  private static final String GATED = "gated";
  private static final String HIDDEN = "hidden";
  private static final String POOLING = "pooling.";

  private final TensorOps ops;
  private final Tensor normed;
  private final Tensor qkv;
  private final Tensor attended;
  private final Tensor probabilities;
  private final Tensor gated;
  private final Tensor hidden;
  private final ExecutionContext pooling;
  private Observer observer;

  /**
   * The extents of a block's tensors.
   *
   * @param batch images B
   * @param tokens tokens T of an image
   * @param width embedding width D
   * @param heads attention heads H
   * @param hidden hidden width M of the MLP
   * @param gated whether the MLP has gates
   * @param attentionPooling whether the tokens are pooled by attention
   */
  public record Extents(
      int batch,
      int tokens,
      int width,
      int heads,
      int hidden,
      boolean gated,
      boolean attentionPooling) {
    /**
     * The extents of a block with a plain MLP.
     *
     * @param batch images B
     * @param tokens tokens T of an image
     * @param width embedding width D
     * @param heads attention heads H
     * @param hidden hidden width M of the MLP
     */
    public Extents(int batch, int tokens, int width, int heads, int hidden) {
      this(batch, tokens, width, heads, hidden, false, false);
    }
  }

  /**
   * Plans the tensors inside a block.
   *
   * @param plan where the regions are entered
   * @param e their extents
   * @param attention whether attention probabilities are stored for an observer
   */
  public static void plan(WorkspacePlan plan, Extents e, boolean attention) {
    Shape sequence = Shape.of(e.batch(), e.tokens(), e.width());
    plan.spacedRegion(NORMED, sequence, Step.NORM1, Step.FC1);
    plan.spacedRegion(
        QKV, Shape.of(e.batch(), e.tokens(), 3 * e.width()), Step.QKV, Step.ATTENTION);
    plan.spacedRegion(ATTENDED, sequence, Step.ATTENTION, Step.PROJECTION);
    plan.spacedRegion(HIDDEN, Shape.of(e.batch(), e.tokens(), e.hidden()), Step.FC1, Step.FC2);
    if (e.gated()) {
      plan.spacedRegion(GATED, Shape.of(e.batch(), e.tokens(), 2 * e.hidden()), Step.FC1, Step.FC1);
    }
    if (e.attentionPooling()) {
      planPooling(plan, e, attention);
    }
    if (attention) {
      Shape square = Shape.of(e.batch(), e.heads(), e.tokens(), e.tokens());
      plan.region(PROBABILITIES, square, Step.ATTENTION, Step.FC2); // observed after the block
    }
  }

  private static void planPooling(WorkspacePlan plan, Extents e, boolean attention) {
    Shape joint = Shape.of(e.batch(), e.tokens(), 2 * e.width());
    Shape attended = Shape.of(e.batch(), 1, e.width());
    Shape normed = Shape.of(e.batch(), e.width());
    Shape hidden = Shape.of(e.batch(), e.hidden());
    plan.region(POOLING + QKV, joint, Step.POOL, Step.POOL);
    plan.region(POOLING + ATTENDED, attended, Step.POOL, Step.POOL);
    plan.region(POOLING + NORMED, normed, Step.POOL, Step.POOL);
    plan.region(POOLING + HIDDEN, hidden, Step.POOL, Step.POOL);
    if (attention) {
      Shape row = Shape.of(e.batch(), e.heads(), 1, e.tokens());
      plan.region(POOLING + PROBABILITIES, row, Step.POOL, Step.POOL);
    }
  }

  /**
   * Joins what was planned.
   *
   * @param ops the operations
   * @param workspace memory of a plan that went through {@link #plan} with the same extents and
   *     attention
   * @param e the extents
   * @param attention whether attention probabilities are stored for an observer
   */
  public ExecutionContext(TensorOps ops, Workspace workspace, Extents e, boolean attention) {
    this.ops = ops;
    normed = workspace.tensor(NORMED);
    qkv = workspace.tensor(QKV);
    attended = workspace.tensor(ATTENDED);
    gated = e.gated() ? workspace.tensor(GATED) : null;
    hidden = workspace.tensor(HIDDEN);
    probabilities = attention ? workspace.tensor(PROBABILITIES) : null;
    pooling = e.attentionPooling() ? new ExecutionContext(ops, workspace, attention) : null;
  }

  /** The context of pooling by attention. */
  private ExecutionContext(TensorOps ops, Workspace workspace, boolean attention) {
    this.ops = ops;
    probabilities = attention ? workspace.tensor(POOLING + PROBABILITIES) : null;
    gated = null;
    pooling = null;
    normed = workspace.tensor(POOLING + NORMED);
    qkv = workspace.tensor(POOLING + QKV);
    attended = workspace.tensor(POOLING + ATTENDED);
    hidden = workspace.tensor(POOLING + HIDDEN);
  }

  private ExecutionContext(ExecutionContext all, int tokens) {
    ops = all.ops;
    probabilities = null;
    qkv = all.qkv;
    normed = first(all.normed, tokens);
    attended = first(all.attended, tokens);
    gated = all.gated == null ? null : first(all.gated, tokens);
    hidden = first(all.hidden, tokens);
    pooling = all.pooling;
  }

  private static Tensor first(Tensor region, int tokens) {
    Shape shape = Shape.of(region.shape().dim(0), tokens, region.shape().dim(2));
    return Tensor.view(
        region.segment(), region.byteOffset(), region.dtype(), shape, region.rowStride());
  }

  /**
   * Makes a context for the first tokens of each image in the same memory: at any time either
   * context has a tensor in use, not both. It has no observer.
   *
   * @param tokens how many tokens of an image, at most as many as in this context
   * @return the context
   */
  public ExecutionContext first(int tokens) {
    return new ExecutionContext(this, tokens);
  }

  /**
   * Sets who sees the tensors of the forward passes from now on.
   *
   * @param whoever the observer; null for none
   */
  public void observer(Observer whoever) {
    observer = whoever;
  }

  /**
   * Returns the operations.
   *
   * @return the operations
   */
  public TensorOps ops() {
    return ops;
  }

  /**
   * Returns the tensor for the input of a branch.
   *
   * @return (B, T, D), from {@link Step#NORM1} to {@link Step#FC1}
   */
  public Tensor normed() {
    return normed;
  }

  /**
   * Returns the tensor for queries, keys and values.
   *
   * @return (B, T, 3·D), from {@link Step#QKV} to {@link Step#ATTENTION}
   */
  public Tensor qkv() {
    return qkv;
  }

  /**
   * Returns the tensor for the heads side by side.
   *
   * @return (B, T, D), from {@link Step#ATTENTION} to {@link Step#PROJECTION}
   */
  public Tensor attended() {
    return attended;
  }

  /**
   * Returns the tensor for attention probabilities.
   *
   * @return (B, H, T, T), from {@link Step#ATTENTION} to the end of the block; null unless stored
   */
  public Tensor probabilities() {
    return probabilities;
  }

  /**
   * Returns the tensor for gates and values of the MLP.
   *
   * @return (B, T, 2·M), at {@link Step#FC1}; null if the MLP has no gates
   */
  public Tensor gated() {
    return gated;
  }

  /**
   * Returns the tensor inside the MLP.
   *
   * @return (B, T, M), from {@link Step#FC1} to {@link Step#FC2}
   */
  public Tensor hidden() {
    return hidden;
  }

  /**
   * Returns the context of pooling by attention, at {@link Step#POOL}: keys and values (B, T, 2·D)
   * in place of {@link #qkv}, one token in {@link #attended} (B, 1, D), {@link #probabilities} (B,
   * H, 1, T), {@link #normed} (B, D) and {@link #hidden} (B, M).
   *
   * @return the context, without an observer; null if the tokens are not pooled so
   */
  public ExecutionContext pooling() {
    return pooling;
  }

  /**
   * Shows the input of block 0 to the observer, if any.
   *
   * @param x (B, T, D)
   */
  public void observeEmbeddings(Tensor x) {
    if (observer != null) {
      observer.embeddings(x);
    }
  }

  /** Shows the attention of a probe that has pooled the tokens to the observer, if any. */
  public void observePooling() {
    if (observer != null && pooling.probabilities != null) {
      observer.pooling(pooling.probabilities);
    }
  }

  /**
   * Shows a finished block to the observer, if any.
   *
   * @param block its index
   * @param x (B, T, D)
   */
  public void observeBlock(int block, Tensor x) {
    if (observer == null) {
      return;
    }
    if (probabilities != null) {
      observer.attention(block, probabilities);
    }
    observer.block(block, x);
  }
}
