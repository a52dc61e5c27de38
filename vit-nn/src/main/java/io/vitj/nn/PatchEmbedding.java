package io.vitj.nn;

import io.vitj.tensor.Tensor;

/**
 * Embeds an image as a sequence of patches (Dosovitskiy et al., 2021, equation 1): a convolution
 * whose stride is its kernel size P. Each patch is a row of C·P·P pixel values, ordered channel,
 * row, column, and the convolution is one matrix product with those rows.
 */
public final class PatchEmbedding {
  private final Linear projection;
  private final int patch;

  /**
   * Takes the convolution as a product with rows of patches.
   *
   * @param projection C·P·P to D: the kernel (D, C, P, P), its rows flattened
   * @param patch the side P of a patch
   */
  public PatchEmbedding(Linear projection, int patch) {
    this.projection = projection;
    this.patch = patch;
  }

  /**
   * Cuts images into rows of patches, in reading order.
   *
   * @param context what it runs on
   * @param pixels (B, C, H, W)
   * @param columns (B, N, C·P·P) with N = ⌊H/P⌋ · ⌊W/P⌋
   * @throws IllegalArgumentException if a shape does not fit
   */
  public void patchify(ExecutionContext context, Tensor pixels, Tensor columns) {
    context.ops().patchify(pixels, patch, columns);
  }

  /**
   * Adds the embeddings of patches to what is there, the position embeddings.
   *
   * @param context what it runs on
   * @param columns (…, C·P·P)
   * @param x (…, D); must not overlap the columns
   * @throws IllegalArgumentException if a shape does not fit
   */
  public void addTo(ExecutionContext context, Tensor columns, Tensor x) {
    projection.addTo(context, columns, x);
  }
}
