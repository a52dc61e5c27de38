package io.vitj.tensor;

/** Element types of stored tensors. All arithmetic is done in {@link #F32}. */
public enum DType {
  /** IEEE 754 binary32. */
  F32(4),
  /** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
  F16(2),
  /** bfloat16: the upper half of a binary32, 1 sign, 8 exponent, 7 fraction bits. */
  BF16(2);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /**
   * Returns the size of one element.
   *
   * @return bytes per element
   */
  public int bytes() {
    return bytes;
  }
}
