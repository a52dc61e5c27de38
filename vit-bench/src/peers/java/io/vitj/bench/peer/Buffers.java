package io.vitj.bench.peer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Floats in native memory, which native libraries use where it is. */
final class Buffers {
  private Buffers() {}

  static FloatBuffer allocate(int count) {
    return ByteBuffer.allocateDirect(count * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  static FloatBuffer of(float[] values) {
    return allocate(values.length).put(values).flip();
  }

  static float[] floats(FloatBuffer buffer) {
    float[] values = new float[buffer.capacity()];
    buffer.get(0, values);
    return values;
  }
}
