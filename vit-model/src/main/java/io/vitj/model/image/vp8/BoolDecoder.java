package io.vitj.model.image.vp8;

import java.io.EOFException;

/**
 * The arithmetic decoder of binary decisions, each with a probability of n / 256 of being 0.
 *
 * <p>Source: RFC 6386 section 7.
 */
final class BoolDecoder {
  private static final int EVEN = 128;

  private final byte[] data;
  private final int end;
  private int position;
  private int value;

  /** Valid bits of {@code value} below the current byte; negative: a byte is due. */
  private int bits = -8;

  private int range = 254;
  private boolean exhausted;

  BoolDecoder(byte[] data, int from, int to) {
    this.data = data;
    this.position = from;
    this.end = to;
  }

  /** Decodes one decision. */
  int bit(int probability) {
    if (bits < 0) {
      load();
    }
    int split = range * probability >> 8;
    int width;
    int bit;
    if (value >> bits > split) {
      width = range - split;
      value -= split + 1 << bits;
      bit = 1;
    } else {
      width = split + 1;
      bit = 0;
    }
    int shift = Integer.numberOfLeadingZeros(width) - 24;
    range = (width << shift) - 1;
    bits -= shift;
    return bit;
  }

  private void load() {
    // One byte past the end is read as 0, as the encoder may leave its last zeros out.
    int next = position < end ? data[position] & 0xff : 0;
    exhausted |= position >= end;
    position++;
    value = value << 8 | next;
    bits += 8;
  }

  boolean flag() {
    return bit(EVEN) != 0;
  }

  /** Decodes an unsigned integer of n bits. */
  int unsigned(int n) {
    int result = 0;
    for (int i = 0; i < n; i++) {
      result = result << 1 | bit(EVEN);
    }
    return result;
  }

  /** Decodes a magnitude of n bits and a sign. */
  int signed(int n) {
    int magnitude = unsigned(n);
    return flag() ? -magnitude : magnitude;
  }

  /** Decodes a presence flag and, if it is set, a signed integer; 0 otherwise. */
  int optionalSigned(int n) {
    return flag() ? signed(n) : 0;
  }

  /** Throws if more was decoded than there is. */
  void requireNotExhausted() throws EOFException {
    if (exhausted) {
      throw new EOFException("the compressed data ends too early");
    }
  }
}
