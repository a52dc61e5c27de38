package io.vitj.model.checkpoint.strided;

import io.vitj.tensor.Shape;
import it.unimi.dsi.fastutil.longs.LongArrayList;

/**
 * The axes of a strided view, with neighbours joined into one where their elements follow each
 * other: what is left seldom has more than three.
 */
final class Axes {
  private final LongArrayList dims = new LongArrayList();
  private final LongArrayList strides = new LongArrayList();

  private Axes() {}

  /**
   * Joins.
   *
   * @param shape the extents
   * @param strides one for each axis
   * @return at least two axes
   */
  static Axes merged(Shape shape, long... strides) {
    Axes axes = new Axes();
    // Two of extent 1 in front, so that there are always rows and columns.
    axes.add(1, 0);
    axes.add(1, 0);
    for (int axis = 0; axis < strides.length; axis++) {
      if (shape.dim(axis) != 1) {
        axes.join(shape.dim(axis), strides[axis]);
      }
    }
    return axes;
  }

  private void add(long dim, long stride) {
    dims.add(dim);
    strides.add(stride);
  }

  private void join(long dim, long stride) {
    int last = dims.size() - 1;
    if (last >= 2 && strides.getLong(last) == stride * dim) {
      dims.set(last, dims.getLong(last) * dim);
      strides.set(last, stride);
    } else {
      add(dim, stride);
    }
  }

  long columns() {
    return dims.getLong(dims.size() - 1);
  }

  long columnStride() {
    return strides.getLong(dims.size() - 1);
  }

  long rows() {
    return dims.getLong(dims.size() - 2);
  }

  long rowStride() {
    return strides.getLong(dims.size() - 2);
  }

  /** Returns how often rows and columns repeat. */
  long squares() {
    long squares = 1;
    for (int axis = 0; axis < dims.size() - 2; axis++) {
      squares *= dims.getLong(axis);
    }
    return squares;
  }

  /** Returns the element that one of these repetitions starts with. */
  long start(long square) {
    long rest = square;
    long start = 0;
    for (int axis = dims.size() - 3; axis >= 0; axis--) {
      start += rest % dims.getLong(axis) * strides.getLong(axis);
      rest /= dims.getLong(axis);
    }
    return start;
  }
}
