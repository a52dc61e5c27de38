package io.vitj.model.image;

/**
 * Unsigned integers at given places of a part of an array, big-endian unless asked otherwise. Every
 * access is checked: a place outside the part throws {@link IndexOutOfBoundsException}.
 */
final class ByteReader {
  private final byte[] data;
  private final int offset;
  private final int length;
  private final boolean little;

  ByteReader(byte[] data) {
    this(data, 0, data.length);
  }

  ByteReader(byte[] data, int offset, int length) {
    this(data, offset, length, false);
  }

  private ByteReader(byte[] data, int offset, int length, boolean little) {
    this.data = data;
    this.offset = offset;
    this.length = length;
    this.little = little;
  }

  ByteReader littleEndian() {
    return new ByteReader(data, offset, length, true);
  }

  int length() {
    return length;
  }

  boolean has(long position, long bytes) {
    return position >= 0 && bytes >= 0 && bytes <= length - position;
  }

  int u8(long position) {
    if (!has(position, 1)) {
      throw new IndexOutOfBoundsException("the data ends at byte " + length);
    }
    return data[offset + (int) position] & 0xff;
  }

  int u16(long position) {
    int first = u8(position);
    int second = u8(position + 1);
    return little ? second << 8 | first : first << 8 | second;
  }

  long u32(long position) {
    long first = u16(position);
    long second = u16(position + 2);
    return little ? second << 16 | first : first << 16 | second;
  }

  /** Four characters, as chunk names are. */
  boolean is(long position, String characters) {
    for (int i = 0; i < characters.length(); i++) {
      if (!has(position + i, 1) || u8(position + i) != characters.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
