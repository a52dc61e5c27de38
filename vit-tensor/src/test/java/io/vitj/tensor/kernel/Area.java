package io.vitj.tensor.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A matrix in guarded memory: it starts at an odd address, its rows may be further apart than they
 * are long, and the segment ends with its last element, so that an access behind it throws. All
 * memory that is not the matrix holds a signalling NaN: whoever reads it as a value gets a NaN, and
 * whoever adds to it makes it quiet, which {@link #checkGuards} sees.
 */
final class Area {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int GUARD = 0x7f85a1b3;

  final MemorySegment segment;
  final int offset;
  final int rows;
  final int columns;
  final int stride;

  private Area(MemorySegment segment, int offset, int rows, int columns, int stride) {
    this.segment = segment;
    this.offset = offset;
    this.rows = rows;
    this.columns = columns;
    this.stride = stride;
    for (long at = 0; at < segment.byteSize(); at += 4) {
      segment.set(INT, at, GUARD);
    }
  }

  /** A matrix at an offset of some floats, with rows a stride apart. */
  static Area matrix(int offset, int rows, int columns, int stride) {
    long bytes = 4L * (offset + (rows - 1) * stride + columns);
    MemorySegment segment = Arena.ofAuto().allocate(bytes + 1, 64).asSlice(1);
    return new Area(segment, offset, rows, columns, stride);
  }

  static Area vector(int offset, float... values) {
    return matrix(offset, 1, values.length, values.length).set(values);
  }

  /** Overwrites the matrix with values in row-major order. */
  Area set(float... values) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        segment.set(FLOAT, at(i, j), values[i * columns + j]);
      }
    }
    return this;
  }

  /** The memory for an operation that only reads it. */
  MemorySegment input() {
    return segment.asReadOnly();
  }

  float get(int row, int column) {
    return segment.get(FLOAT, at(row, column));
  }

  float[] row(int row) {
    float[] values = new float[columns];
    for (int j = 0; j < columns; j++) {
      values[j] = get(row, j);
    }
    return values;
  }

  /** Fails if anything but the matrix has changed. */
  void checkGuards() {
    for (long at = 0; at < segment.byteSize(); at += 4) {
      long behind = at / 4 - offset;
      boolean inside = behind >= 0 && behind % stride < columns;
      if (!inside && segment.get(INT, at) != GUARD) {
        throw new AssertionError(
            "%s, outside the %d×%d elements %d apart, became %08x"
                .formatted(behind, rows, columns, stride, segment.get(INT, at)));
      }
    }
  }

  private long at(int row, int column) {
    return 4L * (offset + row * stride + column);
  }
}
