package io.vitj.nn;

import io.vitj.tensor.Tensor;

/**
 * Sees the tensors of a forward pass as they are made. They are views of the workspace: they must
 * be copied to be kept, and must not be written to. Without an observer nothing of this is
 * computed.
 */
public interface Observer {
  /**
   * Sees the input of block 0.
   *
   * @param x (B, T, D)
   */
  default void embeddings(Tensor x) {}

  /**
   * Sees the attention of a block, if the context stores it.
   *
   * @param block its index
   * @param probabilities (B, H, T, T), softmax over the last axis
   */
  default void attention(int block, Tensor probabilities) {}

  /**
   * Sees the attention of the probe that pools the tokens, where that is so and the context stores
   * it.
   *
   * @param probabilities (B, H, 1, T), softmax over the last axis
   */
  default void pooling(Tensor probabilities) {}

  /**
   * Sees the residual stream after a block.
   *
   * @param block its index
   * @param x (B, T, D)
   */
  default void block(int block, Tensor x) {}
}
