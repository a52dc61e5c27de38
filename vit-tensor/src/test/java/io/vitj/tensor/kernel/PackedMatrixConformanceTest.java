package io.vitj.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vitj.tensor.DType;
import io.vitj.tensor.HalfFloat;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The order of packed weights in memory, which the register tiles rely on. */
@OnProcessorWidth
class PackedMatrixConformanceTest {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Arena arena = Arena.ofAuto();
  private final int width = KernelProvider.kernels().blocking().tileColumns();

  @Test
  void putsTheOutputsOfAPanelSideBySide() {
    for (int outputs : new int[] {1, width - 1, width, width + 1, 2 * width + 3}) {
      Shape shape = Shape.of(outputs, 7);
      Tensor weight = Tensor.of(arena, shape, Samples.normal(outputs * 7, 1));
      Tensor bias = Tensor.of(arena, Shape.of(outputs), Samples.normal(outputs, 2));
      PackedMatrix packed = PackedMatrix.pack(arena, weight, bias);
      assertThat(packed.outputs()).isEqualTo(outputs);
      assertThat(packed.inputs()).isEqualTo(7);
      check(packed, weight, bias);
    }
  }

  @ParameterizedTest
  @EnumSource
  void widensEveryDType(DType dtype) {
    // An odd address, as tensors in a mapped file may have.
    MemorySegment memory = arena.allocate(2000).asSlice(1);
    float[] values = Samples.normal(5 * 3 + 5, 1);
    for (int i = 0; i < values.length; i++) {
      switch (dtype) {
        case F32 -> memory.set(FLOAT, i * 4L, values[i]);
        case F16 -> memory.set(SHORT, i * 2L, HalfFloat.f16(values[i]));
        case BF16 -> memory.set(SHORT, i * 2L, HalfFloat.bf16(values[i]));
      }
    }
    Tensor weight = Tensor.view(memory, 0, dtype, Shape.of(5, 3));
    Tensor bias = Tensor.view(memory, 15L * dtype.bytes(), dtype, Shape.of(5));
    check(PackedMatrix.pack(arena, weight, bias), weight, bias);
  }

  @Test
  void countsTrailingAxesAsInputs() {
    Tensor kernel = Tensor.of(arena, Shape.of(4, 3, 2, 2), Samples.normal(48, 1));
    PackedMatrix packed = PackedMatrix.pack(arena, kernel, null);
    assertThat(packed.inputs()).isEqualTo(12);
    check(packed, kernel.reshape(Shape.of(4, 12)), Tensor.allocate(arena, Shape.of(4)));
  }

  @Test
  void knowsItsMemory() {
    Tensor weight = Tensor.allocate(arena, Shape.of(width + 1, 32));
    // Two panels of 32 inputs, and two of bias.
    assertThat(PackedMatrix.pack(arena, weight, null).bytes()).isEqualTo(2L * width * 33 * 4);
  }

  @Test
  void takesHalfTheMemoryForHalfThePrecision() {
    Tensor weight = Tensor.allocate(arena, Shape.of(width + 1, 33));
    PackedMatrix packed = PackedMatrix.pack(arena, weight, null, DType.BF16);
    assertThat(packed.dtype()).isEqualTo(DType.BF16);
    // Two panels of 17 pairs of inputs, and two of bias.
    assertThat(packed.bytes()).isEqualTo(2L * width * (17 + 1) * 4);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PackedMatrix.pack(arena, weight, null, DType.F16))
        .withMessage("packed weights are F32 or BF16, not F16");
  }

  @Test
  void refusesABiasOfAnotherLength() {
    Tensor weight = Tensor.allocate(arena, Shape.of(4, 3));
    Tensor bias = Tensor.allocate(arena, Shape.of(3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PackedMatrix.pack(arena, weight, bias))
        .withMessageContainingAll("(3)", "(4, 3)");
  }

  @Test
  void refusesAWeightWithoutElements() {
    for (Shape shape : new Shape[] {Shape.of(4, 0), Shape.of(0, 4), Shape.of()}) {
      Tensor weight = Tensor.allocate(arena, shape);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> PackedMatrix.pack(arena, weight, null))
          .withMessageContaining(shape.toString());
    }
  }

  private void check(PackedMatrix packed, Tensor weight, Tensor bias) {
    int panels = (packed.outputs() + width - 1) / width;
    for (int out = 0; out < panels * width; out++) {
      boolean real = out < packed.outputs();
      assertThat(packed.bias().get(FLOAT, out * 4L)).isEqualTo(real ? bias.get(out) : 0);
      for (int in = 0; in < packed.inputs(); in++) {
        long at = (long) (out / width) * width * packed.inputs() + (long) in * width + out % width;
        float actual = packed.panels().get(FLOAT, at * 4);
        assertThat(actual).isEqualTo(real ? weight.get(out, in) : 0);
      }
    }
  }
}
