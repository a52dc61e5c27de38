package io.vitj.model.checkpoint.strided;

import io.vitj.model.checkpoint.StorageType;
import io.vitj.tensor.DType;
import io.vitj.tensor.HalfFloat;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * Elements in memory at regular distances: x[i₀, …, iₙ] is the element at {@code byteOffset} / size
 * + Σₐ iₐ · strideₐ. Row-major and column-major arrays, transposed and sliced ones are all such
 * views. Values are little-endian.
 */
public final class StridedView {
  /** Side of the squares that a transposed copy moves: both sides of one stay in the L1 cache. */
  private static final int TILE = 32;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment memory;
  private final long byteOffset;
  private final StorageType type;
  private final Shape shape;
  private final long[] strides;

  private StridedView(
      MemorySegment memory, long byteOffset, StorageType type, Shape shape, long[] strides) {
    this.memory = memory;
    this.byteOffset = byteOffset;
    this.type = type;
    this.shape = shape;
    this.strides = strides;
  }

  /**
   * Views memory.
   *
   * @param memory the memory
   * @param byteOffset where element 0 lies
   * @param type the element type
   * @param shape the extents
   * @param strides the distance of neighbours along each axis in elements, not negative
   * @return the view
   * @throws IndexOutOfBoundsException if an element would lie outside the memory
   */
  public static StridedView of(
      MemorySegment memory, long byteOffset, StorageType type, Shape shape, long... strides) {
    long needed = Math.multiplyExact(extent(shape, strides), bytes(type));
    if (byteOffset < 0 || needed > memory.byteSize() - byteOffset) {
      throw new IndexOutOfBoundsException(
          String.format(
              "%s %s with strides %s at byte %d of %d",
              type, shape, Arrays.toString(strides), byteOffset, memory.byteSize()));
    }
    return new StridedView(memory, byteOffset, type, shape, strides.clone());
  }

  /**
   * Views memory that holds nothing but the elements, the last axis innermost.
   *
   * @param memory the memory
   * @param byteOffset where element 0 lies
   * @param type the element type
   * @param shape the extents
   * @return the view
   * @throws IndexOutOfBoundsException if an element would lie outside the memory
   */
  public static StridedView rowMajor(
      MemorySegment memory, long byteOffset, StorageType type, Shape shape) {
    return of(memory, byteOffset, type, shape, rowMajor(shape));
  }

  /**
   * Views a tensor.
   *
   * @param tensor the tensor
   * @return a view of its memory
   */
  public static StridedView of(Tensor tensor) {
    StorageType type = StorageType.of(tensor.dtype());
    return rowMajor(tensor.segment(), tensor.byteOffset(), type, tensor.shape());
  }

  /**
   * Returns how many elements of memory a view spans.
   *
   * @param shape the extents
   * @param strides the distance of neighbours along each axis in elements
   * @return the index of the last element + 1; 0 if there are none
   * @throws IllegalArgumentException if a stride is negative or there is not one for each axis
   * @throws ArithmeticException if it exceeds a {@code long}
   */
  public static long extent(Shape shape, long... strides) {
    if (strides.length != shape.rank()) {
      throw new IllegalArgumentException(strides.length + " strides for the shape " + shape);
    }
    if (shape.elements() == 0) {
      return 0;
    }
    long last = 0;
    for (int axis = 0; axis < strides.length; axis++) {
      if (strides[axis] < 0) {
        throw new IllegalArgumentException("negative stride " + strides[axis]);
      }
      last = Math.addExact(last, Math.multiplyExact(strides[axis], shape.dim(axis) - 1L));
    }
    return Math.addExact(last, 1);
  }

  /**
   * Returns the strides of an array whose first axis is innermost.
   *
   * @param shape its extents
   * @return one stride for each axis
   */
  public static long[] columnMajor(Shape shape) {
    long[] strides = new long[shape.rank()];
    long stride = 1;
    for (int axis = 0; axis < strides.length; axis++) {
      strides[axis] = stride;
      stride *= shape.dim(axis);
    }
    return strides;
  }

  private static long[] rowMajor(Shape shape) {
    long[] strides = new long[shape.rank()];
    long stride = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= shape.dim(axis);
    }
    return strides;
  }

  private static long bytes(StorageType type) {
    if (!type.readable()) {
      throw new IllegalArgumentException("values of type " + type + " are no weights");
    }
    return type.bits() / 8;
  }

  /**
   * Reorders the axes.
   *
   * @param axes for each axis of the result the axis of this view
   * @return a view of the same elements
   */
  public StridedView permuted(int... axes) {
    int[] dims = new int[axes.length];
    long[] permuted = new long[axes.length];
    for (int i = 0; i < axes.length; i++) {
      dims[i] = shape.dim(axes[i]);
      permuted[i] = strides[axes[i]];
    }
    return of(memory, byteOffset, type, Shape.of(dims), permuted);
  }

  /**
   * Makes a tensor of the values.
   *
   * @param arena the owner of memory that is needed
   * @return a view of the same memory if the elements lie as a tensor's do; a new F32 tensor in
   *     {@code arena} otherwise, with F64 values rounded to nearest
   */
  public Tensor read(Arena arena) {
    Optional<Tensor> view = asTensor();
    if (view.isPresent()) {
      return view.get();
    }
    Tensor copy = Tensor.allocate(arena, shape);
    copyTo(copy);
    return copy;
  }

  private Optional<Tensor> asTensor() {
    boolean dense = shape.elements() == 0 || isRowMajor();
    return dense
        ? type.dtype().map(dtype -> Tensor.view(memory, byteOffset, dtype, shape))
        : Optional.empty();
  }

  private boolean isRowMajor() {
    long[] dense = rowMajor(shape);
    for (int axis = 0; axis < dense.length; axis++) {
      if (shape.dim(axis) != 1 && strides[axis] != dense[axis]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Copies the values in row-major order, widened exactly; F64 is rounded to nearest.
   *
   * @param target an F32 tensor of as many elements
   * @throws IllegalArgumentException if it is none
   */
  public void copyTo(Tensor target) {
    Optional<Tensor> view = asTensor();
    if (view.isPresent()) {
      target.copyFrom(view.get());
      return;
    }
    if (target.dtype() != DType.F32 || target.shape().elements() != shape.elements()) {
      throw new IllegalArgumentException("cannot copy " + type + ' ' + shape + " into " + target);
    }
    Axes axes = Axes.merged(shape, strides);
    long square = axes.rows() * axes.columns();
    for (long outer = 0; outer < axes.squares(); outer++) {
      copySquare(axes, axes.start(outer), target, outer * square);
    }
  }

  /** Copies the two innermost axes, tile by tile: one of them may be far apart on either side. */
  private void copySquare(Axes axes, long from, Tensor target, long to) {
    for (long row = 0; row < axes.rows(); row += TILE) {
      long rowEnd = Math.min(row + TILE, axes.rows());
      for (long column = 0; column < axes.columns(); column += TILE) {
        long columnEnd = Math.min(column + TILE, axes.columns());
        for (long r = row; r < rowEnd; r++) {
          for (long c = column; c < columnEnd; c++) {
            float value = value(from + r * axes.rowStride() + c * axes.columnStride());
            long at = target.byteOffset() + (to + r * axes.columns() + c) * Float.BYTES;
            target.segment().set(FLOAT, at, value);
          }
        }
      }
    }
  }

  private float value(long element) {
    return switch (type) {
      case F32 -> memory.get(FLOAT, byteOffset + element * Float.BYTES);
      case F16 -> HalfFloat.f16(memory.get(SHORT, byteOffset + element * Short.BYTES));
      case BF16 -> HalfFloat.bf16(memory.get(SHORT, byteOffset + element * Short.BYTES));
      case F64 -> (float) memory.get(DOUBLE, byteOffset + element * Double.BYTES);
      default -> throw new IllegalStateException(type.name());
    };
  }
}
