package io.vitj.nn;

import io.vitj.tensor.RelativePositionBias;
import io.vitj.tensor.Tensor;

/**
 * Multi-head self-attention (Vaswani et al., 2017): with Q, K, V the head-wise parts of x·Wqkvᵀ +
 * bqkv, each head is softmax(Q·Kᵀ/√dh)·V, and the heads side by side are projected.
 *
 * <p>Some models tell attention where the patches are: queries and keys are rotated by their
 * positions (RoPE; Su et al., 2021), or a number for each offset is added to the scores (Bao et
 * al., 2022). And some normalise the heads before the projection (Wang et al., 2022, Magneto).
 */
public final class Attention {
  private final Linear qkv;
  private final LayerNorm norm;
  private final Linear projection;
  private final int heads;
  private final float scale;
  private final Tensor angles;
  private final RelativePositionBias bias;
  private final boolean causal;

  /**
   * Joins its layers.
   *
   * @param qkv D to 3·D: the queries of all heads, then the keys, then the values
   * @param normOrNull the norm of the heads side by side; null for none
   * @param projection D to D
   * @param heads the number of heads H; it divides D
   * @throws IllegalArgumentException if the widths do not fit
   */
  public Attention(Linear qkv, LayerNorm normOrNull, Linear projection, int heads) {
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
    int headWidth = width / heads; // dh
    this.qkv = qkv;
    this.norm = normOrNull;
    this.projection = projection;
    this.heads = heads;
    this.scale = (float) (1 / Math.sqrt(headWidth));
    this.angles = null;
    this.bias = null;
    this.causal = false;
  }

  private Attention(Attention shared, Tensor angles, RelativePositionBias bias, boolean causal) {
    qkv = shared.qkv;
    norm = shared.norm;
    projection = shared.projection;
    heads = shared.heads;
    scale = shared.scale;
    this.angles = angles;
    this.bias = bias;
    this.causal = causal;
  }

  /**
   * Makes the same attention for one grid of patches.
   *
   * @param anglesOrNull (N, dh), by which {@link io.vitj.tensor.TensorOps#rotate} turns queries and
   *     keys of the patches; null for none
   * @param biasOrNull what is added to the scores; null for none
   * @return the attention, on the same weights
   */
  public Attention at(Tensor anglesOrNull, RelativePositionBias biasOrNull) {
    return new Attention(this, anglesOrNull, biasOrNull, causal);
  }

  /**
   * Makes the same attention for a sequence that is read from its start: no token sees those behind
   * it. Nothing is added to its scores.
   *
   * @return the attention, on the same weights
   */
  public Attention causal() {
    return new Attention(this, angles, null, true);
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
    if (angles != null) {
      all.ops().rotate(joint, heads, angles); // (B, T, 3·D)
    }
    if (causal) {
      all.ops().causalAttention(joint, heads, scale, attended, first.probabilities()); // (B, Q, D)
    } else {
      all.ops().attention(joint, heads, scale, bias, attended, first.probabilities()); // (B, Q, D)
    }
    if (norm != null) {
      norm.forward(first, attended, attended); // (B, Q, D)
    }
    projection.addTo(first, attended, y); // (B, Q, D)
  }
}
