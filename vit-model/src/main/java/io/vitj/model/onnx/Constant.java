package io.vitj.model.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.vitj.tensor.DType;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.Function;

/**
 * A constant of a graph. Its values are made when they are written, and dropped afterwards.
 *
 * @param name its name in the graph
 * @param type FLOAT or INT64
 * @param shape its shape
 * @param values makes the bytes, little-endian, in memory of the arena or elsewhere
 */
record Constant(String name, DataType type, Shape shape, Function<Arena, MemorySegment> values) {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * Makes a constant of a tensor.
   *
   * @param name its name in the graph
   * @param shape its shape
   * @param tensor makes as many values; F32 is written from where it is, others are widened
   * @return the constant
   */
  static Constant floats(String name, Shape shape, Function<Arena, Tensor> tensor) {
    return new Constant(name, DataType.FLOAT, shape, arena -> bytes(tensor.apply(arena), arena));
  }

  private static MemorySegment bytes(Tensor tensor, Arena arena) {
    Tensor wide = tensor;
    if (tensor.dtype() != DType.F32) {
      wide = Tensor.allocate(arena, tensor.shape());
      wide.copyFrom(tensor);
    }
    return wide.segment().asSlice(wide.byteOffset(), wide.shape().elements() * Float.BYTES);
  }

  /**
   * Makes a constant of integers.
   *
   * @param name its name in the graph
   * @param shape its shape
   * @param values the numbers
   * @return the constant
   */
  static Constant longs(String name, Shape shape, long... values) {
    return new Constant(name, DataType.INT64, shape, arena -> arena.allocateFrom(LONG, values));
  }

  /**
   * Returns the size of the values.
   *
   * @return bytes
   */
  long bytes() {
    return Math.multiplyExact(shape.elements(), type == DataType.FLOAT ? 4L : 8L);
  }
}
