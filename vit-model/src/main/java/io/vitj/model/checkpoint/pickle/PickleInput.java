package io.vitj.model.checkpoint.pickle;

import io.vitj.model.checkpoint.bytes.Fields;
import java.math.BigInteger;
import java.nio.charset.Charset;

/** The bytes of a pickle, from front to back. */
final class PickleInput {
  /**
   * Longer texts are not kept: no name of a tensor is as long, and comparing them as keys of a
   * dictionary would take time out of proportion to the file.
   */
  private static final int MAX_TEXT_BYTES = 1 << 12;

  private final Fields fields;
  private long position;

  PickleInput(Fields fields, long position) {
    this.fields = fields;
    this.position = position;
  }

  long position() {
    return position;
  }

  int u8() {
    return fields.u8(position++);
  }

  int u16() {
    int value = fields.u16(position);
    position += Short.BYTES;
    return value;
  }

  int i32() {
    int value = fields.i32(position);
    position += Integer.BYTES;
    return value;
  }

  long u32() {
    return i32() & 0xffff_ffffL;
  }

  long size64() {
    long value = fields.size64(position);
    position += Long.BYTES;
    return value;
  }

  /** Reads a float, the only field that is big-endian. */
  double f64() {
    long bits = 0;
    for (byte b : bytes(Double.BYTES)) {
      bits = bits << Byte.SIZE | b & 0xff;
    }
    return Double.longBitsToDouble(bits);
  }

  /** Reads an integer of any length, little-endian in two's complement. */
  Object integer(int length) {
    byte[] bytes = bytes(length);
    byte[] reversed = new byte[length + 1];
    for (int i = 0; i < length; i++) {
      reversed[length - i] = bytes[i];
    }
    reversed[0] = (byte) (length > 0 && bytes[length - 1] < 0 ? -1 : 0);
    BigInteger value = new BigInteger(reversed);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  /** Reads text of a known length. */
  Object text(long length, Charset charset) {
    if (length > MAX_TEXT_BYTES) {
      skip(length);
      return new Inert();
    }
    return length == 0 ? "" : new String(bytes(length), charset);
  }

  /** Passes over bytes. */
  Object skip(long length) {
    fields.require(position, length);
    position += length;
    return new Inert();
  }

  /** Reads text up to the end of a line. */
  String line(Charset charset) {
    long end = position;
    while (fields.u8(end) != '\n') {
      end++;
      if (end - position > MAX_TEXT_BYTES) {
        throw fields.damage().damaged("its pickle has a name without end at byte %d", position);
      }
    }
    String line = new String(bytes(end - position), charset);
    position++;
    return line;
  }

  private byte[] bytes(long length) {
    byte[] bytes = fields.bytes(position, length);
    position += length;
    return bytes;
  }
}
