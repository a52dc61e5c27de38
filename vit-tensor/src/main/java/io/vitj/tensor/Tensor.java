package io.vitj.tensor;

import io.vitj.tensor.memory.MappedMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A row-major view of memory: segment, offset, dtype and {@link Shape}. It has no arithmetic and
 * owns nothing: the memory lives as long as the arena of its segment. Views made by {@link #slice}
 * and {@link #reshape} share memory. Rows, the innermost axis, follow one another without a gap
 * unless the view was made with a longer {@link #rowStride}.
 *
 * <p>Values are little-endian, as in every checkpoint format and on every supported processor.
 */
public final class Tensor {
  /** Byte alignment of allocated tensors: one cache line, the widest vector. */
  public static final long ALIGNMENT = 64;

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment segment;
  private final long byteOffset;
  private final DType dtype;
  private final Shape shape;
  private final int rowStride;

  private Tensor(MemorySegment segment, long byteOffset, DType dtype, Shape shape, int rowStride) {
    long bytes = bytes(dtype, shape, rowStride);
    if (byteOffset < 0 || bytes > segment.byteSize() - byteOffset) {
      throw new IndexOutOfBoundsException(
          "a tensor "
              + dtype
              + ' '
              + shape
              + " of "
              + bytes
              + " bytes at byte "
              + byteOffset
              + " does not fit into "
              + segment.byteSize()
              + " bytes");
    }
    boolean mapped = segment.isMapped();
    this.segment = mapped ? MappedMemory.asAllocated(segment.asSlice(byteOffset, bytes)) : segment;
    this.byteOffset = mapped ? 0 : byteOffset;
    this.dtype = dtype;
    this.shape = shape;
    this.rowStride = rowStride;
  }

  /** From the first element to the last; the gap after the last row does not count. */
  private static long bytes(DType dtype, Shape shape, int rowStride) {
    int row = row(shape);
    if (rowStride < row) {
      throw new IllegalArgumentException("rows of " + shape + " only " + rowStride + " apart");
    }
    long elements = shape.elements();
    if (rowStride > row && elements > 0) {
      elements = Math.addExact(Math.multiplyExact(shape.rows() - 1L, (long) rowStride), row);
    }
    return Math.multiplyExact(elements, (long) dtype.bytes());
  }

  private static int row(Shape shape) {
    return shape.rank() == 0 ? 1 : shape.dim(-1);
  }

  /**
   * Allocates a zeroed {@link DType#F32} tensor in native memory, aligned to {@value #ALIGNMENT}
   * bytes.
   *
   * @param arena the owner of the memory
   * @param shape its shape
   * @return the tensor
   */
  public static Tensor allocate(Arena arena, Shape shape) {
    long bytes = Math.multiplyExact(shape.elements(), 4L);
    // A zero-length segment has no address to align; one line keeps empty tensors legal.
    MemorySegment segment = arena.allocate(Math.max(bytes, ALIGNMENT), ALIGNMENT);
    return new Tensor(segment, 0, DType.F32, shape, row(shape));
  }

  /**
   * Allocates a tensor with these values.
   *
   * @param arena the owner of the memory
   * @param shape its shape
   * @param values the values in row-major order
   * @return the tensor
   * @throws IllegalArgumentException if the number of values is not that of the shape
   */
  public static Tensor of(Arena arena, Shape shape, float... values) {
    return allocate(arena, shape).copyFrom(values);
  }

  /**
   * Views existing memory.
   *
   * @param segment the memory, little-endian
   * @param byteOffset where the first element starts; any alignment
   * @param dtype the element type
   * @param shape the shape
   * @return the view
   * @throws IndexOutOfBoundsException if it would reach outside the segment
   */
  public static Tensor view(MemorySegment segment, long byteOffset, DType dtype, Shape shape) {
    return new Tensor(segment, byteOffset, dtype, shape, row(shape));
  }

  /**
   * Views existing memory with a gap after every row.
   *
   * @param segment the memory, little-endian
   * @param byteOffset where the first element starts; any alignment
   * @param dtype the element type
   * @param shape the shape
   * @param rowStride elements from the start of a row to that of the next, at least a row's own
   * @return the view
   * @throws IllegalArgumentException if rows would overlap
   * @throws IndexOutOfBoundsException if it would reach outside the segment
   */
  public static Tensor view(
      MemorySegment segment, long byteOffset, DType dtype, Shape shape, int rowStride) {
    return new Tensor(segment, byteOffset, dtype, shape, rowStride);
  }

  /**
   * Returns how far apart rows are: the leading dimension of BLAS.
   *
   * @return elements from the start of a row to that of the next
   */
  public int rowStride() {
    return rowStride;
  }

  /**
   * Returns whether elements follow one another without a gap.
   *
   * @return whether the row stride is the length of a row, or there is one row only
   */
  public boolean isDense() {
    return rowStride == row(shape) || shape.rows() <= 1;
  }

  /**
   * Returns the memory under the view: the segment it was made of, or, of one mapped from a file,
   * the part it covers ({@link MappedMemory}).
   *
   * @return the segment
   */
  public MemorySegment segment() {
    return segment;
  }

  /**
   * Returns where the first element starts.
   *
   * @return bytes from the start of the segment
   */
  public long byteOffset() {
    return byteOffset;
  }

  /**
   * Returns the offset in elements, the unit of the kernels.
   *
   * @return elements from the start of the segment
   */
  public long offset() {
    return byteOffset / dtype.bytes();
  }

  /**
   * Returns the element type.
   *
   * @return the element type
   */
  public DType dtype() {
    return dtype;
  }

  /**
   * Returns the shape.
   *
   * @return the shape
   */
  public Shape shape() {
    return shape;
  }

  /**
   * Reads one element.
   *
   * @param index one index an axis
   * @return its value, widened exactly
   * @throws IndexOutOfBoundsException if an index is outside its extent
   */
  public float get(int... index) {
    if (index.length != shape.rank()) {
      throw new IndexOutOfBoundsException(index.length + " indices for the shape " + shape);
    }
    long linear = 0;
    for (int axis = 0; axis < index.length; axis++) {
      if (index[axis] < 0 || index[axis] >= shape.dim(axis)) {
        throw new IndexOutOfBoundsException(Arrays.toString(index) + " in the shape " + shape);
      }
      linear = linear * shape.dim(axis) + index[axis];
    }
    return at(linear);
  }

  /** The byte of an element, counted in row-major order. */
  private long byteAt(long linear) {
    long element = linear;
    if (!isDense() && linear > 0) {
      int row = row(shape);
      element = linear / row * rowStride + linear % row;
    }
    return byteOffset + element * dtype.bytes();
  }

  private float at(long linear) {
    long at = byteAt(linear);
    return switch (dtype) {
      case F32 -> segment.get(FLOAT, at);
      case F16 -> HalfFloat.f16(segment.get(SHORT, at));
      case BF16 -> HalfFloat.bf16(segment.get(SHORT, at));
    };
  }

  /**
   * Copies the values to the heap.
   *
   * @return the values in row-major order, widened exactly
   */
  public float[] toFloats() {
    float[] values = new float[Math.toIntExact(shape.elements())];
    if (dtype == DType.F32 && isDense()) {
      MemorySegment.copy(segment, FLOAT, byteOffset, values, 0, values.length);
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = at(i);
      }
    }
    return values;
  }

  /**
   * Overwrites all values.
   *
   * @param values the values in row-major order
   * @return this tensor
   * @throws IllegalArgumentException if the number of values is not that of the shape, or the dtype
   *     is not {@link DType#F32}
   */
  public Tensor copyFrom(float[] values) {
    requireF32();
    if (values.length != shape.elements()) {
      throw new IllegalArgumentException(
          values.length + " values for " + shape.elements() + " elements of the shape " + shape);
    }
    if (isDense()) {
      MemorySegment.copy(values, 0, segment, FLOAT, byteOffset, values.length);
    } else {
      for (int i = 0; i < values.length; i++) {
        segment.set(FLOAT, byteAt(i), values[i]);
      }
    }
    return this;
  }

  /**
   * Overwrites all values with those of another tensor of as many elements.
   *
   * @param source its values are widened exactly; it may be this tensor
   * @throws IllegalArgumentException if the numbers of elements differ, or the dtype of this tensor
   *     is not {@link DType#F32}
   */
  public void copyFrom(Tensor source) {
    requireF32();
    if (source.shape.elements() != shape.elements()) {
      throw new IllegalArgumentException("cannot copy " + source.shape + " into " + shape);
    }
    if (source.dtype == DType.F32 && source.isDense() && isDense()) {
      long bytes = shape.elements() * 4;
      MemorySegment.copy(source.segment, source.byteOffset, segment, byteOffset, bytes);
    } else {
      for (long i = 0; i < shape.elements(); i++) {
        segment.set(FLOAT, byteAt(i), source.at(i));
      }
    }
  }

  private void requireF32() {
    if (dtype != DType.F32) {
      throw new IllegalArgumentException("values are written to F32 tensors only, not " + dtype);
    }
  }

  /**
   * Views some consecutive entries of the outermost axis.
   *
   * @param start the first entry
   * @param length the number of entries
   * @return the view; it shares memory
   * @throws IndexOutOfBoundsException if the entries are not all there
   */
  public Tensor slice(int start, int length) {
    if (start < 0 || length < 0 || start > shape.dim(0) - length) {
      throw new IndexOutOfBoundsException(
          "entries " + start + " to " + (start + length) + " of the shape " + shape);
    }
    int[] dims = shape.dims();
    long entry = shape.elements() / Math.max(1, dims[0]);
    dims[0] = length;
    int stride = dims.length == 1 ? length : rowStride;
    long from = length == 0 ? byteOffset : byteAt(start * entry); // the last gap has no memory
    return new Tensor(segment, from, dtype, Shape.of(dims), stride);
  }

  /**
   * Views the same elements in another shape.
   *
   * @param other a shape of as many elements
   * @return the view; it shares memory
   * @throws IllegalArgumentException if the numbers of elements differ, or so do the lengths of
   *     rows with gaps between them
   */
  public Tensor reshape(Shape other) {
    if (other.elements() != shape.elements()) {
      throw new IllegalArgumentException("cannot reshape " + shape + " to " + other);
    }
    if (isDense()) {
      return new Tensor(segment, byteOffset, dtype, other, row(other));
    }
    if (row(other) != row(shape)) {
      throw new IllegalArgumentException(
          "cannot reshape " + shape + " with gaps between its rows to " + other);
    }
    return new Tensor(segment, byteOffset, dtype, other, rowStride);
  }

  @Override
  public String toString() {
    return "Tensor " + dtype + ' ' + shape;
  }
}
