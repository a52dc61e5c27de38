package io.vitj.nn;

import io.vitj.tensor.DType;
import io.vitj.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** Moves tokens between sequences. */
final class Tokens {
  private Tokens() {}

  /**
   * Copies consecutive tokens of each image: y[b] = x[b, first … first + count − 1].
   *
   * @param x (B, T, D)
   * @param first the first token
   * @param count how many
   * @param y (B, count, D), or (B, D) for one token; must not overlap x
   * @throws IllegalArgumentException if the tokens are not all there, or y has another shape
   */
  static void copy(Tensor x, int first, int count, Tensor y) {
    int batch = x.shape().dim(0);
    int tokens = x.shape().dim(1);
    int width = x.shape().dim(2);
    long row = (long) width * DType.F32.bytes();
    long copied = count * row;
    if (first < 0
        || first + count > tokens
        || y.shape().dim(0) != batch
        || y.shape().dim(-1) != width
        || y.shape().elements() != (long) batch * count * width) {
      throw new IllegalArgumentException(
          "cannot copy %d tokens from %d of %s to %s"
              .formatted(count, first, x.shape(), y.shape()));
    }
    for (int b = 0; b < batch; b++) {
      long from = x.byteOffset() + ((long) b * tokens + first) * row;
      MemorySegment.copy(x.segment(), from, y.segment(), y.byteOffset() + b * copied, copied);
    }
  }

  /**
   * Copies the first token of each image to the first columns of a row: y[b, 0 … D − 1] = x[b, 0].
   *
   * @param x (B, T, D)
   * @param y (B, n) with n at least D; must not overlap x
   */
  static void copyFirst(Tensor x, Tensor y) {
    long row = (long) x.shape().dim(2) * DType.F32.bytes();
    long from = x.shape().dim(1) * row;
    long to = (long) y.shape().dim(1) * DType.F32.bytes();
    for (int b = 0; b < x.shape().dim(0); b++) {
      MemorySegment.copy(
          x.segment(), x.byteOffset() + b * from, y.segment(), y.byteOffset() + b * to, row);
    }
  }
}
