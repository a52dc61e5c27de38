package io.vitj.nn;

import io.vitj.tensor.DType;
import io.vitj.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** How the tokens of an image become one vector. */
public sealed interface Pooling {
  /**
   * Pools each image.
   *
   * @param context what it runs on
   * @param x (B, T, D)
   * @param y (B, D); must not overlap x
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
      int tokens = x.shape().dim(1);
      if (x.shape().rank() != 3
          || y.shape().rank() != 2
          || y.shape().dim(0) != x.shape().dim(0)
          || y.shape().dim(1) != x.shape().dim(2)
          || index >= tokens) {
        throw new IllegalArgumentException(
            "cannot pool token " + index + " of " + x.shape() + " into " + y.shape());
      }
      long row = (long) x.shape().dim(2) * DType.F32.bytes();
      for (int b = 0; b < y.shape().dim(0); b++) {
        long from = x.byteOffset() + ((long) b * tokens + index) * row;
        MemorySegment.copy(x.segment(), from, y.segment(), y.byteOffset() + b * row, row);
      }
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
