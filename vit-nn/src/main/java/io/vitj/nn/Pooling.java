package io.vitj.nn;

import io.vitj.tensor.Tensor;

/** How the tokens of an image become one vector. */
public sealed interface Pooling
    permits Pooling.Token, Pooling.Mean, Pooling.TokenAndMean, AttentionPooling {
  /**
   * Pools each image.
   *
   * @param context what it runs on
   * @param x (B, T, D)
   * @param y (B, D), or (B, 2·D) for {@link TokenAndMean}; must not overlap x
   */
  void forward(ExecutionContext context, Tensor x, Tensor y);

  /**
   * One token: y[b] = x[b, index].
   *
   * @param index 0 for the class token
   */
  record Token(int index) implements Pooling {
    @Override
    public void forward(ExecutionContext context, Tensor x, Tensor y) {
      Tokens.copy(x, index, 1, y);
    }
  }

  /**
   * The first token and the mean of the tokens from one on, side by side: y[b] = (x[b, 0], 1/(T −
   * first) · Σ x[b, first…]), twice as wide as x.
   *
   * @param first the first token of the mean: the number of prefix tokens
   */
  record TokenAndMean(int first) implements Pooling {
    @Override
    public void forward(ExecutionContext context, Tensor x, Tensor y) {
      context.ops().meanRows(x, first, y, x.shape().dim(2));
      Tokens.copyFirst(x, y);
    }
  }

  /**
   * The mean of the tokens from one on: y[b] = 1/(T − first) · Σ x[b, first…].
   *
   * @param first the first token that counts: the number of prefix tokens
   */
  record Mean(int first) implements Pooling {
    @Override
    public void forward(ExecutionContext context, Tensor x, Tensor y) {
      context.ops().meanRows(x, first, y);
    }
  }
}
