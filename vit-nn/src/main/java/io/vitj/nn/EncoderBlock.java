package io.vitj.nn;

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
   * Runs the block in place.
   *
   * @param context what it runs on
   * @param x (B, T, D), the residual stream
   */
  public void forward(ExecutionContext context, Tensor x) {
    Tensor normed = context.normed();
    norm1.forward(context, x, normed); // (B, T, D)
    attention.addTo(context, normed, x); // (B, T, D)
    norm2.forward(context, x, normed); // (B, T, D)
    mlp.addTo(context, normed, x); // (B, T, D)
  }
}
