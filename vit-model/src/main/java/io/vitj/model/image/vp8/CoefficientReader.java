package io.vitj.model.image.vp8;

import io.vitj.model.image.vp8.FrameHeader.Quantizer;
import java.util.Arrays;

/**
 * Reads and dequantizes the coefficients of macroblocks.
 *
 * <p>Source: RFC 6386 section 13.
 */
final class CoefficientReader {
  /** Block types: luma without its first coefficients, those, chroma, luma with them. */
  private static final int LUMA_AC = 0;

  private static final int LUMA_DC = 1;
  private static final int CHROMA = 2;
  private static final int LUMA = 3;

  private static final int CONTEXT = Tables.NODES;
  private static final int BAND = Tables.CONTEXTS * CONTEXT;
  private static final int TYPE = Tables.BANDS * BAND;

  private static final int[] ZIGZAG = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};

  /** Where the band of a coefficient begins; the entry past the last is never used to decode. */
  private static final int[] BANDS = new int[17];

  static {
    int[] bands = {0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0};
    Arrays.setAll(BANDS, i -> bands[i] * BAND);
  }

  /** The extra bits of magnitudes from 11, 19, 35 and 67. */
  private static final int[][] LARGE = {
    {173, 148, 140},
    {176, 155, 140, 135},
    {180, 157, 141, 134, 130},
    {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129},
  };

  /** Whether blocks had coefficients: 4 of luma, 2 and 2 of chroma, 1 of luma's first ones. */
  private static final int FLAGS = 9;

  private static final int FIRST_CHROMA = 4;
  private static final int DC_FLAG = 8;

  private final int[] probabilities;
  private final int[] above;
  private final int[] left = new int[FLAGS];
  private final short[] firsts = new short[16];
  private final int[] scratch = new int[16];

  /** 16 luma blocks, 4 of U, 4 of V of the macroblock read last, 16 coefficients each. */
  final short[] coefficients = new short[24 * 16];

  /** Whether any of these blocks has a coefficient. */
  private boolean any;

  CoefficientReader(FrameHeader header, int columns) {
    this.probabilities = header.probabilities;
    this.above = new int[FLAGS * columns];
  }

  void beginRow() {
    Arrays.fill(left, 0);
  }

  /** Passes over a macroblock without coefficients. */
  void skip(int column, boolean split) {
    int luma = split ? DC_FLAG : FLAGS;
    Arrays.fill(left, 0, luma, 0);
    Arrays.fill(above, FLAGS * column, FLAGS * column + luma, 0);
    Arrays.fill(coefficients, (short) 0);
  }

  /** Reads a macroblock; returns whether it has any coefficient. */
  boolean read(BoolDecoder in, int column, boolean split, Quantizer q) {
    Arrays.fill(coefficients, (short) 0);
    any = false;
    int up = FLAGS * column;
    if (!split) {
      Arrays.fill(firsts, (short) 0);
      int context = above[up + DC_FLAG] + left[DC_FLAG];
      int n = readBlock(in, LUMA_DC, context, 0, q.y2Dc(), q.y2Ac(), firsts, 0);
      above[up + DC_FLAG] = n > 0 ? 1 : 0;
      left[DC_FLAG] = n > 0 ? 1 : 0;
      InverseTransform.walshHadamard(firsts, scratch, coefficients);
    }
    int type = split ? LUMA : LUMA_AC;
    readBlocks(in, type, split ? 0 : 1, up, 0, 4, q.y1Dc(), q.y1Ac(), 0);
    readBlocks(in, CHROMA, 0, up, FIRST_CHROMA, 2, q.uvDc(), q.uvAc(), 16);
    readBlocks(in, CHROMA, 0, up, FIRST_CHROMA + 2, 2, q.uvDc(), q.uvAc(), 20);
    return any;
  }

  /** Reads {@code edge × edge} blocks whose flags begin at {@code flag}. */
  private void readBlocks(
      BoolDecoder in, int type, int first, int up, int flag, int edge, int dc, int ac, int block) {
    for (int y = 0; y < edge; y++) {
      for (int x = 0; x < edge; x++) {
        int context = above[up + flag + x] + left[flag + y];
        int at = 16 * (block + y * edge + x);
        int n = readBlock(in, type, context, first, dc, ac, coefficients, at);
        int present = n > first ? 1 : 0;
        above[up + flag + x] = present;
        left[flag + y] = present;
        any |= n > 1 || coefficients[at] != 0;
      }
    }
  }

  /** Reads one block from coefficient {@code n} on; returns the place after the last one. */
  private int readBlock(
      BoolDecoder in, int type, int context, int n, int dc, int ac, short[] out, int at) {
    int[] p = probabilities;
    int base = type * TYPE;
    int node = base + BANDS[n] + context * CONTEXT;
    while (n < 16) {
      if (in.bit(p[node]) == 0) {
        return n;
      }
      while (in.bit(p[node + 1]) == 0) {
        n++;
        if (n == 16) {
          return 16;
        }
        node = base + BANDS[n];
      }
      int next = base + BANDS[n + 1];
      int magnitude;
      if (in.bit(p[node + 2]) == 0) {
        magnitude = 1;
        node = next + CONTEXT;
      } else {
        magnitude = readMagnitude(in, node);
        node = next + 2 * CONTEXT;
      }
      int value = in.flag() ? -magnitude : magnitude;
      out[at + ZIGZAG[n]] = (short) (value * (n > 0 ? ac : dc));
      n++;
    }
    return 16;
  }

  /** A magnitude of at least 2. */
  private int readMagnitude(BoolDecoder in, int node) {
    int[] p = probabilities;
    if (in.bit(p[node + 3]) == 0) {
      return in.bit(p[node + 4]) == 0 ? 2 : 3 + in.bit(p[node + 5]);
    }
    if (in.bit(p[node + 6]) == 0) {
      if (in.bit(p[node + 7]) == 0) {
        return 5 + in.bit(159);
      }
      return 7 + 2 * in.bit(165) + in.bit(145);
    }
    int high = in.bit(p[node + 8]);
    int category = 2 * high + in.bit(p[node + 9 + high]);
    int extra = 0;
    for (int probability : LARGE[category]) {
      extra = 2 * extra + in.bit(probability);
    }
    return 3 + (8 << category) + extra;
  }
}
