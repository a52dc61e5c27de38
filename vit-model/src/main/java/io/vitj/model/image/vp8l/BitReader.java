package io.vitj.model.image.vp8l;

import java.io.EOFException;

/** Bits from the least significant of each byte on. */
final class BitReader {
  private final byte[] data;
  private final int end;
  private int position;
  private long buffer;

  /** Bits in {@code buffer}; those above are zero. */
  private int available;

  BitReader(byte[] data, int from, int to) {
    this.data = data;
    this.position = from;
    this.end = to;
  }

  /** The next bits, at least 32 unless the data ends; zeros after its end. */
  int peek() {
    if (available < 32) {
      while (available <= 56 && position < end) {
        buffer |= (data[position++] & 0xffL) << available;
        available += 8;
      }
    }
    return (int) buffer;
  }

  /** Passes over peeked bits. */
  void skip(int n) throws EOFException {
    if (n > available) {
      throw new EOFException("the compressed data ends too early");
    }
    buffer >>>= n;
    available -= n;
  }

  /** An unsigned integer of up to 31 bits. */
  int bits(int n) throws EOFException {
    int value = peek() & (1 << n) - 1;
    skip(n);
    return value;
  }

  boolean flag() throws EOFException {
    return bits(1) != 0;
  }
}
