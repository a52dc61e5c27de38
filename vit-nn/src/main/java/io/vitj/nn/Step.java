package io.vitj.nn;

/**
 * The steps of a forward pass in their order: the time axis on which {@link
 * io.vitj.tensor.memory.WorkspacePlan} lets tensors share memory. The blocks follow one another
 * through the same steps, so what outlives a block lives from {@link #EMBED} to {@link #NORM}.
 */
public final class Step {
  /** Pixels to rows of patches. */
  public static final int PATCHIFY = 0;

  /** Patches and prefix tokens to the residual stream. */
  public static final int EMBED = 1;

  /** The norm before the attention of a block. */
  public static final int NORM1 = 2;

  /** Queries, keys and values. */
  public static final int QKV = 3;

  /** Scores, softmax and weighted sums. */
  public static final int ATTENTION = 4;

  /** The projection of the heads, added to the residual stream. */
  public static final int PROJECTION = 5;

  /** The norm before the MLP of a block. */
  public static final int NORM2 = 6;

  /** The first layer of the MLP with its activation. */
  public static final int FC1 = 7;

  /** The second layer of the MLP, added to the residual stream. */
  public static final int FC2 = 8;

  /** The norm after the last block. */
  public static final int NORM = 9;

  /** Tokens to one vector an image. */
  public static final int POOL = 10;

  /** Vectors to logits. */
  public static final int HEAD = 11;

  private Step() {}
}
