package io.vitj.model.image.vp8l;

import java.io.IOException;
import java.util.HexFormat;

/**
 * Reads entropy-coded pictures: the picture itself, and the smaller ones that its transforms and
 * prefix codes refer to.
 *
 * <p>Source: RFC 9649 sections 3.5 and 3.6.
 */
final class PixelReader {
  private static final int LITERALS = 256;
  private static final int LENGTHS = 24;
  private static final int DISTANCES = 40;
  private static final int MAX_CACHE_BITS = 11;
  private static final int HASH = 0x1e35a7bd;

  /**
   * Nearby pixels in the order of their distance codes: rows above in the high digit, 8 less
   * columns to the left in the low one.
   */
  private static final byte[] NEARBY =
      HexFormat.of()
          .parseHex(
              "1807171928062729161a262a38053739151b363a252b48044749141c353b"
                  + "464a242c58454b343c035759131d565a232d444c555b333d68026769121e"
                  + "666a222e545c434d656b323e78017779535d111f646c424e767a212f757b"
                  + "313f636d525e00747c414f1020626e30737d515f40727e616f50717f6070");

  private final BitReader in;

  PixelReader(BitReader in) {
    this.in = in;
  }

  /** The codes of one region: green with lengths and cache entries, red, blue, alpha, distance. */
  private record Codes(
      PrefixCode green, PrefixCode red, PrefixCode blue, PrefixCode alpha, PrefixCode distance) {
    static Codes parse(BitReader in, int cacheSize) throws IOException {
      return new Codes(
          PrefixCode.parse(in, LITERALS + LENGTHS + cacheSize),
          PrefixCode.parse(in, LITERALS),
          PrefixCode.parse(in, LITERALS),
          PrefixCode.parse(in, LITERALS),
          PrefixCode.parse(in, DISTANCES));
    }
  }

  /** Reads one of the smaller pictures. */
  int[] readSmall(int width, int height) throws IOException {
    int cacheBits = readCacheBits();
    Codes[] codes = {Codes.parse(in, cacheBits == 0 ? 0 : 1 << cacheBits)};
    return decode(width, height, cacheBits, codes, new int[1], 31);
  }

  /** Reads the picture itself, whose regions may have codes of their own. */
  int[] read(int width, int height) throws IOException {
    int cacheBits = readCacheBits();
    int regionBits = 31;
    int[] regions = new int[1];
    int last = 0;
    if (in.flag()) {
      regionBits = 2 + in.bits(3);
      regions = readSmall(blocks(width, regionBits), blocks(height, regionBits));
      for (int i = 0; i < regions.length; i++) {
        regions[i] = regions[i] >> 8 & 0xffff;
        last = Math.max(last, regions[i]);
      }
    }
    Codes[] codes = new Codes[last + 1];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = Codes.parse(in, cacheBits == 0 ? 0 : 1 << cacheBits);
    }
    return decode(width, height, cacheBits, codes, regions, regionBits);
  }

  /** How many blocks of 2^bits pixels cover a length. */
  static int blocks(int length, int bits) {
    return (int) ((length + (1L << bits) - 1) >> bits);
  }

  private int readCacheBits() throws IOException {
    if (!in.flag()) {
      return 0;
    }
    int bits = in.bits(4);
    if (bits < 1 || bits > MAX_CACHE_BITS) {
      throw new IOException("a colour cache of %d bits".formatted(bits));
    }
    return bits;
  }

  /**
   * Decodes pixels, ARGB from the highest byte on.
   *
   * @param regions index into {@code codes} of each block of {@code 2^regionBits} pixels
   */
  private int[] decode(
      int width, int height, int cacheBits, Codes[] codes, int[] regions, int regionBits)
      throws IOException {
    int[] pixels = new int[Math.multiplyExact(width, height)];
    int[] cache = new int[1 << cacheBits];
    int regionColumns = blocks(width, regionBits);
    int regionMask = (1 << regionBits) - 1;
    Codes code = codes[regions[0]];
    int x = 0;
    int y = 0;
    for (int i = 0; i < pixels.length; ) {
      int symbol = code.green.read(in);
      int count = 1;
      if (symbol < LITERALS) {
        int red = code.red.read(in);
        int blue = code.blue.read(in);
        int alpha = code.alpha.read(in);
        pixels[i] = alpha << 24 | red << 16 | symbol << 8 | blue;
      } else if (symbol < LITERALS + LENGTHS) {
        count = readExtended(symbol - LITERALS);
        int distance = distance(readExtended(code.distance.read(in)), width);
        copy(pixels, i, distance, count);
      } else {
        pixels[i] = cache[symbol - LITERALS - LENGTHS];
      }
      for (int end = i + count; i < end; i++) {
        if (cacheBits > 0) {
          cache[pixels[i] * HASH >>> 32 - cacheBits] = pixels[i];
        }
      }
      x += count;
      boolean newRegion = count > 1 || (x & regionMask) == 0;
      while (x >= width) {
        x -= width;
        y++;
        newRegion = true;
      }
      if (newRegion && y < height) {
        code = codes[regions[(y >> regionBits) * regionColumns + (x >> regionBits)]];
      }
    }
    return pixels;
  }

  private static void copy(int[] pixels, int at, int distance, int count) throws IOException {
    if (distance > at || count > pixels.length - at) {
      throw new IOException("a copy from outside the picture");
    }
    // Source and destination may overlap: the copied pixels are a pattern then.
    for (int i = at; i < at + count; i++) {
      pixels[i] = pixels[i - distance];
    }
  }

  /** The value of a length or distance symbol with its extra bits, at least 1. */
  private int readExtended(int symbol) throws IOException {
    if (symbol < 4) {
      return symbol + 1;
    }
    int extra = symbol - 2 >> 1;
    return (2 + (symbol & 1) << extra) + in.bits(extra) + 1;
  }

  private static int distance(int code, int width) {
    if (code > NEARBY.length) {
      return code - NEARBY.length;
    }
    int nearby = NEARBY[code - 1];
    return Math.max((nearby >> 4) * width + 8 - (nearby & 0xf), 1);
  }
}
