package io.vitj.nn;

import io.vitj.tensor.RelativePositionBias;
import io.vitj.tensor.Tensor;

/**
 * A pre-norm transformer block (Dosovitskiy et al., 2021, equations 2 and 3): x ← x + MSA(LN(x)); x
 * ← x + MLP(LN(x)). Where a model has {@link LayerScale}, it is in the last linear layer of each
 * branch.
 *
 * @param norm1 the norm before the attention
 * @param attention the attention
 * @param norm2 the norm before the MLP
 * @param mlp the MLP
 */
public record EncoderBlock(LayerNorm norm1, Attention attention, LayerNorm norm2, Mlp mlp) {
  /**
   * Makes the same block for one grid of patches.
   *
   * @param angles as {@link Attention#at} takes them; null for none
   * @param bias as {@link Attention#at} takes it; null for none
   * @return the block, on the same weights
   */
  public EncoderBlock at(Tensor angles, RelativePositionBias bias) {
    return new EncoderBlock(norm1, attention.at(angles, bias), norm2, mlp);
  }

  /**
   * Makes the same block for a sequence that is read from its start.
   *
   * @return the block, on the same weights
   */
  public EncoderBlock causal() {
    return new EncoderBlock(norm1, attention.causal(), norm2, mlp);
  }

  /**
   * Runs the block in place.
   *
   * @param context what it runs on
   * @param x (B, T, D), the residual stream
   */
  public void forward(ExecutionContext context, Tensor x) {
    forward(context, x, context, x);
  }

  /**
   * Runs the block for the first Q tokens of each image, which attend to all T: all that is needed
   * of the last block where only a class token is read.
   *
   * @param all what runs for all tokens
   * @param x (B, T, D); not changed, unless it is y
   * @param first what runs for the first tokens: {@link ExecutionContext#first} of {@code all}, or
   *     {@code all} itself where Q = T
   * @param y (B, Q, D); x itself, or must not overlap it
   */
  public void forward(ExecutionContext all, Tensor x, ExecutionContext first, Tensor y) {
    if (y != x) {
      Tokens.copy(x, 0, y.shape().dim(1), y); // (B, Q, D)
    }
    norm1.forward(all, x, all.normed()); // (B, T, D)
    attention.addTo(all, all.normed(), first, y); // (B, Q, D)
    norm2.forward(first, y, first.normed()); // (B, Q, D)
    mlp.addTo(first, first.normed(), y); // (B, Q, D)
  }
}
