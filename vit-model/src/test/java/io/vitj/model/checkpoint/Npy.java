package io.vitj.model.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Makes arrays in NumPy's .npy format. */
final class Npy {
  private Npy() {}

  /** An array of version 1 with the dictionary that NumPy would write. */
  static byte[] array(String descr, boolean fortranOrder, String shape, byte[] elements) {
    String dictionary =
        String.format(
            "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }",
            descr, fortranOrder ? "True" : "False", shape);
    return array(1, dictionary, elements);
  }

  /** An array with any dictionary. */
  static byte[] array(int version, String dictionary, byte[] elements) {
    int lengthBytes = version == 1 ? 2 : 4;
    byte[] text = dictionary.getBytes(StandardCharsets.UTF_8);
    int padded = (text.length + 1 + 8 + lengthBytes + 63) / 64 * 64 - 8 - lengthBytes;
    ByteBuffer out =
        ByteBuffer.allocate(8 + lengthBytes + padded + elements.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    out.put((byte) version).put((byte) 0);
    if (version == 1) {
      out.putShort((short) padded);
    } else {
      out.putInt(padded);
    }
    out.put(text);
    for (int i = text.length; i < padded - 1; i++) {
      out.put((byte) ' ');
    }
    return out.put((byte) '\n').put(elements).array();
  }

  /** The bytes of F32 elements. */
  static byte[] floats(float... values) {
    ByteBuffer out = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      out.putFloat(value);
    }
    return out.array();
  }
}
