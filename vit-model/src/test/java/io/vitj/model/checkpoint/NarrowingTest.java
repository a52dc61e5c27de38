package io.vitj.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ModelException;
import io.vitj.tensor.DType;
import io.vitj.tensor.HalfFloat;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NarrowingTest {
  @Test
  void roundsEveryElementToTheNearest() {
    try (Arena arena = Arena.ofConfined()) {
      Random random = new Random(1);
      float[] values = new float[70_001]; // more than are converted together
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      Tensor source = Tensor.of(arena, Shape.of(values.length), values);
      float[] f16 = Narrowing.to(DType.F16, "x", source, arena).toFloats();
      float[] bf16 = Narrowing.to(DType.BF16, "x", source, arena).toFloats();
      for (int i = 0; i < values.length; i++) {
        assertThat(f16[i]).isEqualTo(HalfFloat.f16(HalfFloat.f16(values[i])));
        assertThat(bf16[i]).isEqualTo(HalfFloat.bf16(HalfFloat.bf16(values[i])));
      }
    }
  }

  @Test
  void tiesGoToEvenAndWhatFitsStays() {
    try (Arena arena = Arena.ofConfined()) {
      float[] values = {1 + 0x1p-11f, 1 + 3 * 0x1p-11f, 65504, -0f, 0x1p-24f, Float.NaN};
      Tensor source = Tensor.of(arena, Shape.of(2, 3), values);
      Tensor narrow = Narrowing.to(DType.F16, "x", source, arena);
      assertThat(narrow.shape()).isEqualTo(source.shape());
      assertThat(narrow.toFloats())
          .containsExactly(1, 1 + 2 * 0x1p-10f, 65504, -0f, 0x1p-24f, Float.NaN);
      assertThat(Narrowing.to(DType.F16, "x", narrow, arena)).isSameAs(narrow);
      assertThat(Narrowing.to(DType.F32, "x", narrow, arena).toFloats())
          .isEqualTo(narrow.toFloats());
    }
  }

  @Test
  void whatIsTooLargeIsNamed() {
    try (Arena arena = Arena.ofConfined()) {
      Tensor source = Tensor.of(arena, Shape.of(2), 1, 65520);
      assertThatThrownBy(() -> Narrowing.to(DType.F16, "blocks.3.x", source, arena))
          .isInstanceOf(ModelException.class)
          .hasMessageContainingAll("'blocks.3.x'", "65520", "F16");
      assertThat(Narrowing.to(DType.BF16, "x", source, arena).get(1)).isEqualTo(65536);
      Tensor infinite = Tensor.of(arena, Shape.of(1), Float.NEGATIVE_INFINITY);
      assertThat(Narrowing.to(DType.F16, "x", infinite, arena).get(0))
          .isEqualTo(Float.NEGATIVE_INFINITY);
    }
  }
}
