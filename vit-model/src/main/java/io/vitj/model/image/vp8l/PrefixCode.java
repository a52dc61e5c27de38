package io.vitj.model.image.vp8l;

import java.io.IOException;

/**
 * A canonical prefix code. Codes of up to {@value #ROOT_BITS} bits are looked up, longer ones
 * decoded bit by bit.
 *
 * <p>Source: RFC 9649 section 3.7.2.
 */
final class PrefixCode {
  private static final int MAX_LENGTH = 15;
  private static final int ROOT_BITS = 8;
  private static final int LENGTH_CODES = 19;
  private static final int DEFAULT_LENGTH = 8;
  private static final int[] LENGTH_ORDER = {
    17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  };

  /** Symbols in the order of their codes. */
  private final int[] symbols;

  /** How many codes have each length. */
  private final int[] counts = new int[MAX_LENGTH + 1];

  /** By the next bits: symbol and, from bit 16 on, length; 0 for codes that are longer. */
  private final int[] root;

  /**
   * Builds a code.
   *
   * @param lengths the length of each symbol's code, 0 for symbols that do not occur
   * @throws IOException unless the code is complete, or is of one symbol, which takes no bits then
   */
  PrefixCode(int[] lengths) throws IOException {
    for (int length : lengths) {
      counts[length]++;
    }
    int used = lengths.length - counts[0];
    counts[0] = 0;
    int open = 1;
    int longest = 0;
    int[] next = new int[MAX_LENGTH + 2];
    for (int length = 1; length <= MAX_LENGTH; length++) {
      open = 2 * open - counts[length];
      if (open < 0) {
        throw new IOException("a prefix code with too many codes");
      }
      next[length + 1] = next[length] + counts[length];
      longest = counts[length] > 0 ? length : longest;
    }
    if (used == 0 || open > 0 && used > 1) {
      throw new IOException("a prefix code with too few codes");
    }
    symbols = new int[used];
    for (int symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] > 0) {
        symbols[next[lengths[symbol]]++] = symbol;
      }
    }
    root = used == 1 ? new int[0] : root(Math.min(longest, ROOT_BITS));
  }

  private int[] root(int bits) {
    int[] table = new int[1 << bits];
    int code = 0;
    int index = 0;
    for (int length = 1; length <= bits; length++) {
      for (int i = 0; i < counts[length]; i++, code++, index++) {
        // Codes are sent from their first bit on, into ever higher bits.
        int start = Integer.reverse(code) >>> (32 - length);
        for (int entry = start; entry < table.length; entry += 1 << length) {
          table[entry] = length << 16 | symbols[index];
        }
      }
      code <<= 1;
    }
    return table;
  }

  /** Decodes one symbol. */
  int read(BitReader in) throws IOException {
    if (root.length == 0) {
      return symbols[0];
    }
    int bits = in.peek();
    int entry = root[bits & root.length - 1];
    if (entry != 0) {
      in.skip(entry >> 16);
      return entry & 0xffff;
    }
    int code = 0;
    int first = 0;
    int index = 0;
    for (int length = 1; length <= MAX_LENGTH; length++) {
      code = code << 1 | bits >> length - 1 & 1;
      first <<= 1;
      if (code - first < counts[length]) {
        in.skip(length);
        return symbols[index + code - first];
      }
      index += counts[length];
      first += counts[length];
    }
    throw new IOException("no such code");
  }

  /** Reads the description of a code for symbols below {@code alphabet}. */
  static PrefixCode parse(BitReader in, int alphabet) throws IOException {
    int[] lengths = new int[alphabet];
    if (in.flag()) {
      boolean two = in.flag();
      mark(lengths, in.bits(in.flag() ? 8 : 1));
      if (two) {
        mark(lengths, in.bits(8));
      }
    } else {
      readLengths(in, lengths);
    }
    return new PrefixCode(lengths);
  }

  private static void mark(int[] lengths, int symbol) throws IOException {
    if (symbol >= lengths.length) {
      throw new IOException("a prefix code for a symbol that does not exist");
    }
    lengths[symbol] = 1;
  }

  private static void readLengths(BitReader in, int[] lengths) throws IOException {
    int[] codeLengths = new int[LENGTH_CODES];
    int sent = 4 + in.bits(4);
    for (int i = 0; i < sent; i++) {
      codeLengths[LENGTH_ORDER[i]] = in.bits(3);
    }
    PrefixCode code = new PrefixCode(codeLengths);
    int tokens = lengths.length;
    if (in.flag()) {
      int bits = 2 + 2 * in.bits(3);
      tokens = 2 + in.bits(bits);
      if (tokens > lengths.length) {
        throw new IOException("a prefix code with too many codes");
      }
    }
    int previous = DEFAULT_LENGTH;
    for (int i = 0; i < lengths.length && tokens > 0; tokens--) {
      int length = code.read(in);
      if (length <= MAX_LENGTH) {
        lengths[i++] = length;
        previous = length == 0 ? previous : length;
        continue;
      }
      int repeat =
          switch (length) {
            case 16, 17 -> 3 + in.bits(length == 16 ? 2 : 3);
            default -> 11 + in.bits(7);
          };
      if (repeat > lengths.length - i) {
        throw new IOException("a prefix code with too many codes");
      }
      for (int k = 0; k < repeat; k++) {
        lengths[i++] = length == 16 ? previous : 0;
      }
    }
  }
}
