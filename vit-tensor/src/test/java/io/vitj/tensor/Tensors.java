package io.vitj.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Tensors for tests: of four bytes' alignment, with memory before them that must not change. */
final class Tensors {
  private static final int LEAD = 3;
  private static final int GUARD = 0x7f85a1b3;

  private Tensors() {}

  /** A tensor that ends with its segment. */
  static Tensor of(float[] values, int... dims) {
    Shape shape = Shape.of(dims);
    long bytes = 4 * (LEAD + shape.elements());
    MemorySegment segment = Arena.ofAuto().allocate(bytes, Tensor.ALIGNMENT);
    for (int i = 0; i < LEAD; i++) {
      segment.set(ValueLayout.JAVA_INT, 4L * i, GUARD);
    }
    return Tensor.view(segment, 4L * LEAD, DType.F32, shape).copyFrom(values);
  }

  /** A tensor of NaNs, for a result. */
  static Tensor empty(int... dims) {
    float[] values = new float[Math.toIntExact(Shape.of(dims).elements())];
    Arrays.fill(values, Float.NaN);
    return of(values, dims);
  }

  /** The values, after a look at the memory before them. */
  static float[] values(Tensor tensor) {
    for (int i = 0; i < LEAD; i++) {
      assertThat(tensor.segment().get(ValueLayout.JAVA_INT, 4L * i)).isEqualTo(GUARD);
    }
    return tensor.toFloats();
  }
}
