package io.vitj.nn;

import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;

/**
 * Embeds an image as a sequence of patches (Dosovitskiy et al., 2021, equation 1): a convolution
 * whose stride is its kernel size P. Each patch is a row of C·P·P pixel values, ordered channel,
 * row, column, and the convolution is one matrix product with those rows.
 */
public final class PatchEmbedding {
  private final Linear projection;
  private final int patch;

  /**
   * Packs the convolution.
   *
   * @param arena the owner of the packed weights
   * @param weight the kernel (D, C, P, P), any dtype
   * @param biasOrNull the bias (D), any dtype; null for none
   * @throws IllegalArgumentException if the kernel is not four-dimensional and square
   */
  public PatchEmbedding(Arena arena, Tensor weight, Tensor biasOrNull) {
    Shape kernel = weight.shape();
    if (kernel.rank() != 4 || kernel.dim(2) != kernel.dim(3)) {
      throw new IllegalArgumentException("a patch kernel must be (D, C, P, P), not " + kernel);
    }
    patch = kernel.dim(2);
    int row = kernel.dim(1) * patch * patch;
    projection =
        new Linear(arena, weight.reshape(Shape.of(kernel.dim(0), row)), biasOrNull); // (D, C·P·P)
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
