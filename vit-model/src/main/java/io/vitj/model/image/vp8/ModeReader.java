package io.vitj.model.image.vp8;

import java.util.Arrays;

/**
 * Reads how each macroblock is predicted.
 *
 * <p>Source: RFC 6386 sections 9.3, 10 and 11.
 */
final class ModeReader {
  /** Prediction of 16×16 luma and 8×8 chroma; the names of the 4×4 modes begin with these. */
  static final int DC = 0;

  static final int TRUE_MOTION = 1;
  static final int VERTICAL = 2;
  static final int HORIZONTAL = 3;

  /** Prediction of 4×4 blocks along diagonals: left-down, right-down, vertical-right, …. */
  static final int LEFT_DOWN = 4;

  static final int RIGHT_DOWN = 5;
  static final int VERTICAL_RIGHT = 6;
  static final int VERTICAL_LEFT = 7;
  static final int HORIZONTAL_DOWN = 8;
  static final int HORIZONTAL_UP = 9;

  private static final int MODES = 10;

  /** Node i branches to 2i (0) or 2i + 1 (1); a value below 1 is the negative of a mode. */
  private static final int[] SUBBLOCK_TREE = {
    -DC,
    1,
    -TRUE_MOTION,
    2,
    -VERTICAL,
    3,
    4,
    6,
    -HORIZONTAL,
    5,
    -RIGHT_DOWN,
    -VERTICAL_RIGHT,
    -LEFT_DOWN,
    7,
    -VERTICAL_LEFT,
    8,
    -HORIZONTAL_DOWN,
    -HORIZONTAL_UP,
  };

  private final FrameHeader header;
  private final BoolDecoder in;
  private final int[] above;
  private final int[] left = new int[4];

  /** Of the macroblock read last. */
  int segment;

  boolean skipped;
  boolean split;
  int lumaMode;
  int chromaMode;

  /** The modes of the 16 blocks, rows first, where {@code split}. */
  final int[] blockModes = new int[16];

  ModeReader(FrameHeader header, int columns) {
    this.header = header;
    this.in = header.modes;
    this.above = new int[4 * columns];
  }

  void beginRow() {
    Arrays.fill(left, DC);
  }

  /** Reads the macroblock in a column of the current row. */
  void read(int column) {
    int[] tree = header.segmentProbabilities;
    if (tree != null) {
      segment = in.bit(tree[0]) == 0 ? in.bit(tree[1]) : 2 + in.bit(tree[2]);
    }
    skipped = header.skipProbability >= 0 && in.bit(header.skipProbability) != 0;
    split = in.bit(145) == 0;
    if (split) {
      readBlockModes(4 * column);
    } else {
      lumaMode =
          in.bit(156) != 0
              ? in.bit(128) != 0 ? TRUE_MOTION : HORIZONTAL
              : in.bit(163) != 0 ? VERTICAL : DC;
      Arrays.fill(above, 4 * column, 4 * column + 4, lumaMode);
      Arrays.fill(left, lumaMode);
    }
    chromaMode = readChromaMode();
  }

  private int readChromaMode() {
    if (in.bit(142) == 0) {
      return DC;
    }
    if (in.bit(114) == 0) {
      return VERTICAL;
    }
    return in.bit(183) != 0 ? TRUE_MOTION : HORIZONTAL;
  }

  private void readBlockModes(int column) {
    for (int y = 0; y < 4; y++) {
      int mode = left[y];
      for (int x = 0; x < 4; x++) {
        int base = (above[column + x] * MODES + mode) * (MODES - 1);
        int node = 0;
        do {
          node = SUBBLOCK_TREE[2 * node + in.bit(Tables.SUBBLOCK_MODE_PROBABILITIES[base + node])];
        } while (node > 0);
        mode = -node;
        above[column + x] = mode;
        blockModes[4 * y + x] = mode;
      }
      left[y] = mode;
    }
  }
}
