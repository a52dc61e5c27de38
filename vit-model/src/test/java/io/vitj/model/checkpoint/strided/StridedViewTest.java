package io.vitj.model.checkpoint.strided;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.checkpoint.StorageType;
import io.vitj.tensor.HalfFloat;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class StridedViewTest {
  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    arena.close();
  }

  /** Memory in which element i has the value i − 100, exact in all types. */
  private MemorySegment counting(StorageType type, int elements, int byteOffset) {
    int size = type.bits() / 8;
    MemorySegment memory = arena.allocate(byteOffset + (long) elements * size);
    for (int i = 0; i < elements; i++) {
      long at = byteOffset + (long) i * size;
      float value = i - 100;
      switch (type) {
        case F32 -> memory.set(little(ValueLayout.JAVA_FLOAT_UNALIGNED), at, value);
        case F64 -> memory.set(little(ValueLayout.JAVA_DOUBLE_UNALIGNED), at, value);
        case F16 -> memory.set(little(ValueLayout.JAVA_SHORT_UNALIGNED), at, HalfFloat.f16(value));
        case BF16 ->
            memory.set(little(ValueLayout.JAVA_SHORT_UNALIGNED), at, HalfFloat.bf16(value));
        default -> throw new IllegalArgumentException(type.name());
      }
    }
    return memory;
  }

  @SuppressWarnings("unchecked")
  private static <L extends ValueLayout> L little(L layout) {
    return (L) layout.withOrder(ByteOrder.LITTLE_ENDIAN);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.INCLUDE,
      names = {"F32", "F64", "F16", "BF16"})
  void anyStridesAreFollowed(StorageType type) {
    SplittableRandom random = new SplittableRandom(9);
    for (int i = 0; i < 300; i++) {
      int[] dims = random.ints(random.nextInt(5), 0, 5).toArray();
      long[] strides = random.longs(dims.length, 0, 9).toArray();
      Shape shape = Shape.of(dims);
      int offset = random.nextInt(20);
      int elements = offset + (int) StridedView.extent(shape, strides);
      int size = type.bits() / 8;
      MemorySegment memory = counting(type, elements, 3);
      long at = 3 + (long) offset * size;
      Tensor read = StridedView.of(memory, at, type, shape, strides).read(arena);
      assertThat(read.shape()).isEqualTo(shape);
      assertThat(read.toFloats()).isEqualTo(expected(shape, offset, strides));
    }
  }

  private static float[] expected(Shape shape, int offset, long... strides) {
    float[] values = new float[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      long element = offset;
      int rest = i;
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        element += rest % shape.dim(axis) * strides[axis];
        rest /= shape.dim(axis);
      }
      values[i] = element - 100;
    }
    return values;
  }

  @Test
  void axesLongerThanATileAreTransposed() {
    MemorySegment memory = counting(StorageType.F32, 2 * 70 * 45, 0);
    Shape shape = Shape.of(2, 70, 45);
    Tensor read =
        StridedView.rowMajor(memory, 0, StorageType.F32, shape).permuted(2, 0, 1).read(arena);
    assertThat(read.shape()).isEqualTo(Shape.of(45, 2, 70));
    assertThat(read.get(44, 1, 69)).isEqualTo(2 * 70 * 45 - 1 - 100f);
    for (int i = 0; i < 45; i++) {
      for (int j = 0; j < 70; j++) {
        assertThat(read.get(i, 1, j)).isEqualTo(70 * 45 + j * 45 + i - 100f);
      }
    }
  }

  @Test
  void columnMajorIsTransposedRowMajor() {
    Shape shape = Shape.of(3, 4, 5);
    assertThat(StridedView.columnMajor(shape)).containsExactly(1, 3, 12);
    MemorySegment memory = counting(StorageType.F32, 60, 0);
    long[] strides = StridedView.columnMajor(shape);
    Tensor read = StridedView.of(memory, 0, StorageType.F32, shape, strides).read(arena);
    assertThat(read.get(2, 1, 3)).isEqualTo(2 + 3 + 36 - 100f);
  }

  @Test
  void whatLiesAsATensorDoesIsNotCopied() {
    MemorySegment memory = counting(StorageType.BF16, 24, 1);
    Tensor read =
        StridedView.of(memory, 1, StorageType.BF16, Shape.of(4, 1, 6), 6, 77, 1).read(arena);
    assertThat(read.segment()).isEqualTo(memory);
    Tensor tensor = Tensor.of(arena, Shape.of(2, 2), 1, 2, 3, 4);
    assertThat(StridedView.of(tensor).read(arena).segment()).isEqualTo(tensor.segment());
    assertThat(StridedView.of(tensor).permuted(1, 0).read(arena).toFloats())
        .containsExactly(1, 3, 2, 4);
  }

  @Test
  void nothingOutsideTheMemoryIsViewed() {
    MemorySegment memory = counting(StorageType.F32, 24, 0);
    StridedView.of(memory, 0, StorageType.F32, Shape.of(4, 3), 6, 2).read(arena);
    assertOutside(memory, 4, Shape.of(4, 3), 6, 3);
    assertOutside(memory, 0, Shape.of(25), 1);
    assertOutside(memory, -4, Shape.of(1), 1);
    assertOutside(memory, 96, Shape.of(1), 1);
    assertThatThrownBy(() -> StridedView.extent(Shape.of(3), Long.MAX_VALUE))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> StridedView.extent(Shape.of(3), -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> StridedView.extent(Shape.of(3)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(StridedView.extent(Shape.of(0, 9), Long.MAX_VALUE, 5)).isZero();
  }

  private static void assertOutside(
      MemorySegment memory, long byteOffset, Shape shape, long... strides) {
    assertThatThrownBy(() -> StridedView.of(memory, byteOffset, StorageType.F32, shape, strides))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void onlyWeightsAreViewedAndOnlyIntoRoomForThem() {
    MemorySegment memory = arena.allocate(64);
    assertThatThrownBy(() -> StridedView.rowMajor(memory, 0, StorageType.I64, Shape.of(2)))
        .isInstanceOf(IllegalArgumentException.class);
    StridedView view = StridedView.of(memory, 0, StorageType.F64, Shape.of(2), 2);
    Tensor three = Tensor.allocate(arena, Shape.of(3));
    assertThatThrownBy(() -> view.copyTo(three)).isInstanceOf(IllegalArgumentException.class);
  }
}
