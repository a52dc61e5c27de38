package io.vitj.model.checkpoint.pickle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles opcode by opcode. */
public final class PickleBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /**
   * Adds opcodes without arguments.
   *
   * @param opcodes one byte each
   * @return this
   */
  public PickleBytes op(int... opcodes) {
    for (int opcode : opcodes) {
      out.write(opcode);
    }
    return this;
  }

  /**
   * Adds PROTO 2.
   *
   * @return this
   */
  public PickleBytes proto() {
    return op(0x80, 2);
  }

  /**
   * Adds opcodes that are ASCII characters.
   *
   * @param opcodes the characters
   * @return this
   */
  public PickleBytes op(String opcodes) {
    out.writeBytes(opcodes.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /**
   * Adds a text.
   *
   * @param text the text
   * @return this
   */
  public PickleBytes text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    op('X').i32(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  /**
   * Adds an integer.
   *
   * @param value its value
   * @return this
   */
  public PickleBytes integer(long value) {
    return op(0x8a, 8).i64(value);
  }

  /**
   * Adds a tuple of integers.
   *
   * @param values their values
   * @return this
   */
  public PickleBytes tuple(long... values) {
    op('(');
    for (long value : values) {
      integer(value);
    }
    return op('t');
  }

  /**
   * Adds a global.
   *
   * @param module its module
   * @param name its name
   * @return this
   */
  public PickleBytes global(String module, String name) {
    return op('c').op(module + '\n' + name + '\n');
  }

  /**
   * Adds a storage.
   *
   * @param type its class in the module torch
   * @param key its key
   * @param elements its length
   * @return this
   */
  public PickleBytes storage(String type, String key, long elements) {
    op('(').text("storage").global("torch", type).text(key).text("cpu").integer(elements);
    return op("tQ");
  }

  /**
   * Adds a tensor, for which a storage must follow at once and then {@link #view}.
   *
   * @return this
   */
  public PickleBytes rebuild() {
    return global("torch._utils", "_rebuild_tensor_v2").op('(');
  }

  /**
   * Ends a tensor.
   *
   * @param offset its first element
   * @param size its extents
   * @param stride its strides
   * @return this
   */
  public PickleBytes view(long offset, long[] size, long[] stride) {
    integer(offset).tuple(size).tuple(stride).op(0x89);
    return global("collections", "OrderedDict").op(")RtR");
  }

  /**
   * Adds a 32-bit argument.
   *
   * @param value its value
   * @return this
   */
  public PickleBytes i32(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }

  /**
   * Adds a 64-bit argument.
   *
   * @param value its value
   * @return this
   */
  public PickleBytes i64(long value) {
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    return this;
  }

  /**
   * Adds bytes as they are.
   *
   * @param bytes the bytes
   * @return this
   */
  public PickleBytes raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /**
   * Returns what was written.
   *
   * @return the bytes
   */
  public byte[] bytes() {
    return out.toByteArray();
  }
}
