package io.vitj.nn;

import io.vitj.tensor.Tensor;

/**
 * Multi-head self-attention (Vaswani et al., 2017): with Q, K, V the head-wise parts of x·Wqkvᵀ +
 * bqkv, each head is softmax(Q·Kᵀ/√dh)·V, and the heads side by side are projected.
 */
public final class Attention {
  private final Linear qkv;
  private final Linear projection;
  private final int heads;
  private final float scale;

  /**
   * Joins its layers.
   *
   * @param qkv D to 3·D: the queries of all heads, then the keys, then the values
   * @param projection D to D
   * @param heads the number of heads H; it divides D
   * @throws IllegalArgumentException if the widths do not fit
   */
  public Attention(Linear qkv, Linear projection, int heads) {
    int width = qkv.inputs(); // D
    if (qkv.outputs() != 3 * width || projection.inputs() != width) {
      throw new IllegalArgumentException(
          "queries, keys and values of width "
              + qkv.outputs()
              + " and a projection of "
              + projection.inputs()
              + " do not fit the width "
              + width);
    }
    if (heads < 1 || width % heads != 0) {
      throw new IllegalArgumentException(
          "width " + width + " is no multiple of " + heads + " heads");
    }
    this.qkv = qkv;
    this.projection = projection;
    int headWidth = width / heads; // dh
    this.heads = heads;
    this.scale = (float) (1 / Math.sqrt(headWidth));
  }

  /**
   * Computes y ← y + MSA(x) for the first Q tokens of each image, as queries of all T tokens.
   *
   * @param all what runs for all tokens
   * @param x (B, T, D)
   * @param first what runs for the first tokens; {@code all} where Q = T
   * @param y (B, Q, D), the residual stream; must not be x
   */
  public void addTo(ExecutionContext all, Tensor x, ExecutionContext first, Tensor y) {
    Tensor joint = all.qkv();
    Tensor attended = first.attended();
    qkv.forward(all, x, joint); // (B, T, 3·D)
    all.ops().attention(joint, heads, scale, attended, first.probabilities()); // (B, Q, D)
    projection.addTo(first, attended, y); // (B, Q, D)
  }
}
