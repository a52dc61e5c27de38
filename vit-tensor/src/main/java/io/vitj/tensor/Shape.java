package io.vitj.tensor;

import java.util.Arrays;

/**
 * The extents of a row-major tensor, outermost axis first: images are (B, C, H, W), token sequences
 * (B, T, D). Immutable.
 */
public final class Shape {
  private final int[] dims;
  private final long elements;

  private Shape(int[] dims) {
    long n = 1;
    for (int d : dims) {
      if (d < 0) {
        throw new IllegalArgumentException("negative extent " + d + " in " + Arrays.toString(dims));
      }
      n = Math.multiplyExact(n, (long) d);
    }
    this.dims = dims;
    this.elements = n;
  }

  /**
   * Makes a shape.
   *
   * @param dims the extents, outermost first; none for a scalar
   * @return the shape
   * @throws IllegalArgumentException if an extent is negative
   * @throws ArithmeticException if the number of elements exceeds a {@code long}
   */
  public static Shape of(int... dims) {
    return new Shape(dims.clone());
  }

  /**
   * Returns the number of axes.
   *
   * @return the number of axes
   */
  public int rank() {
    return dims.length;
  }

  /**
   * Returns one extent.
   *
   * @param axis 0 is the outermost; negative counts from the end, −1 is the innermost
   * @return its extent
   */
  public int dim(int axis) {
    return dims[axis < 0 ? axis + dims.length : axis];
  }

  /**
   * Returns all extents.
   *
   * @return a copy
   */
  public int[] dims() {
    return dims.clone();
  }

  /**
   * Returns the product of the extents.
   *
   * @return the number of elements
   */
  public long elements() {
    return elements;
  }

  /**
   * Returns the product of all extents but the innermost: the number of rows.
   *
   * @return the number of rows; 1 for a vector or a scalar
   */
  public int rows() {
    long rows = 1;
    for (int i = 0; i < dims.length - 1; i++) {
      rows *= dims[i];
    }
    return Math.toIntExact(rows);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape s && Arrays.equals(dims, s.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("(");
    for (int i = 0; i < dims.length; i++) {
      text.append(i == 0 ? "" : ", ").append(dims[i]);
    }
    return text.append(')').toString();
  }
}
