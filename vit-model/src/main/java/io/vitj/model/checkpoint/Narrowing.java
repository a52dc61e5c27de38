package io.vitj.model.checkpoint;

import io.vitj.model.ModelException;
import io.vitj.tensor.DType;
import io.vitj.tensor.HalfFloat;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Weights in other types, rounded to nearest, ties to even. */
public final class Narrowing {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Elements that are converted together. */
  private static final int CHUNK = 1 << 16;

  private Narrowing() {}

  /**
   * Converts a tensor.
   *
   * @param dtype the type
   * @param name what the tensor is called, for messages
   * @param source the values
   * @param arena the owner of the result, unless that is the source
   * @return the values in that type; the source if it has it
   * @throws ModelException if a finite value would become infinite
   */
  public static Tensor to(DType dtype, String name, Tensor source, Arena arena) {
    if (source.dtype() == dtype) {
      return source;
    }
    if (dtype == DType.F32) {
      Tensor wide = Tensor.allocate(arena, source.shape());
      wide.copyFrom(source);
      return wide;
    }
    int elements = Math.toIntExact(source.shape().elements());
    Tensor flat = source.reshape(Shape.of(elements));
    MemorySegment narrow = arena.allocate(Math.max(2L * elements, 1), Tensor.ALIGNMENT);
    for (int at = 0; at < elements; at += CHUNK) {
      float[] values = flat.slice(at, Math.min(CHUNK, elements - at)).toFloats();
      for (int i = 0; i < values.length; i++) {
        narrow.set(SHORT, 2L * (at + i), bits(dtype, name, values[i]));
      }
    }
    return Tensor.view(narrow, 0, dtype, source.shape());
  }

  private static short bits(DType dtype, String name, float value) {
    boolean f16 = dtype == DType.F16;
    short bits = f16 ? HalfFloat.f16(value) : HalfFloat.bf16(value);
    float rounded = f16 ? HalfFloat.f16(bits) : HalfFloat.bf16(bits);
    if (Float.isInfinite(rounded) && Float.isFinite(value)) {
      throw new ModelException(
          "tensor %s holds %s, which is too large for %s; choose a wider type"
              .formatted(ModelException.quote(name), value, dtype));
    }
    return bits;
  }
}
