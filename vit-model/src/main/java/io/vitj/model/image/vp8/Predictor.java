package io.vitj.model.image.vp8;

/**
 * Predicts blocks from the samples above and to the left.
 *
 * <p>Source: RFC 6386 section 12.
 */
final class Predictor {
  /**
   * The edge of a 4×4 block in one line, from the lowest sample on the left (1) over the corner (5)
   * to the eighth above (13), both ends repeated once.
   */
  private static final int EDGE = 15;

  private static final int CORNER = 5;

  /** Marks a mean of two neighbours: of edge samples i and i + 1. Otherwise three around i. */
  private static final int TWO = 16;

  /** For each irregular mode the edge samples that each of 16 samples is a mean of. */
  private static final int[] VERTICAL_RIGHT = {
    TWO + 5, TWO + 6, TWO + 7, TWO + 8, 5, 6, 7, 8, 4, TWO + 5, TWO + 6, TWO + 7, 3, 5, 6, 7,
  };

  private static final int[] VERTICAL_LEFT = {
    TWO + 6, TWO + 7, TWO + 8, TWO + 9, 7, 8, 9, 10, TWO + 7, TWO + 8, TWO + 9, 11, 8, 9, 10, 12,
  };

  private static final int[] HORIZONTAL_DOWN = {
    TWO + 4, 5, 6, 7,
    TWO + 3, 4, TWO + 4, 5,
    TWO + 2, 3, TWO + 3, 4,
    TWO + 1, 2, TWO + 2, 3,
  };

  private static final int[] HORIZONTAL_UP = {
    TWO + 3, 3, TWO + 2, 2, TWO + 2, 2, TWO + 1, 1, TWO + 1, 1, TWO, TWO, TWO, TWO, TWO, TWO,
  };

  private final int[] edge = new int[EDGE];

  /**
   * Predicts a square of 16 or 8 samples.
   *
   * @param x column of its first sample
   * @param y row of its first sample
   */
  void square(Plane plane, int mode, int x, int y, int size) {
    byte[] s = plane.samples;
    int at = plane.at(x, y);
    int up = at - plane.stride;
    int corner = s[up - 1] & 0xff;
    int mean = mode == ModeReader.DC ? mean(plane, x, y, size) : 0;
    for (int j = 0, p = at; j < size; j++, p += plane.stride) {
      int left = s[p - 1] & 0xff;
      for (int i = 0; i < size; i++) {
        s[p + i] =
            switch (mode) {
              case ModeReader.DC -> (byte) mean;
              case ModeReader.VERTICAL -> s[up + i];
              case ModeReader.HORIZONTAL -> (byte) left;
              default -> InverseTransform.clamp((s[up + i] & 0xff) + left - corner);
            };
      }
    }
  }

  /** The mean of the edge samples that lie in the picture; 128 without any. */
  private static int mean(Plane plane, int x, int y, int size) {
    int at = plane.at(x, y);
    int sum = 0;
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (y > 0) {
        sum += plane.samples[at - plane.stride + i] & 0xff;
        count++;
      }
      if (x > 0) {
        sum += plane.samples[at + i * plane.stride - 1] & 0xff;
        count++;
      }
    }
    return count == 0 ? 128 : (sum + count / 2) / count;
  }

  /**
   * Predicts a 4×4 block.
   *
   * @param aboveRight index of the four samples that continue the row above
   */
  void block(Plane plane, int mode, int x, int y, int aboveRight) {
    int at = plane.at(x, y);
    switch (mode) {
      case ModeReader.TRUE_MOTION -> square(plane, mode, x, y, 4);
      case ModeReader.DC -> {
        gather(plane, at, aboveRight);
        int sum = 4;
        for (int i = 0; i < 4; i++) {
          sum += edge[CORNER - 1 - i] + edge[CORNER + 1 + i];
        }
        for (int i = 0; i < 16; i++) {
          plane.samples[at + (i >> 2) * plane.stride + (i & 3)] = (byte) (sum >> 3);
        }
      }
      default -> {
        gather(plane, at, aboveRight);
        for (int j = 0; j < 4; j++) {
          for (int i = 0; i < 4; i++) {
            plane.samples[at + j * plane.stride + i] = (byte) smooth(source(mode, i, j));
          }
        }
      }
    }
  }

  private void gather(Plane plane, int at, int aboveRight) {
    byte[] s = plane.samples;
    for (int i = 0; i < 4; i++) {
      edge[CORNER - 1 - i] = s[at + i * plane.stride - 1] & 0xff;
      edge[CORNER + 1 + i] = s[at - plane.stride + i] & 0xff;
      edge[CORNER + 5 + i] = s[aboveRight + i] & 0xff;
    }
    edge[CORNER] = s[at - plane.stride - 1] & 0xff;
    edge[0] = edge[1];
    edge[EDGE - 1] = edge[EDGE - 2];
  }

  private static int source(int mode, int i, int j) {
    return switch (mode) {
      case ModeReader.VERTICAL -> CORNER + 1 + i;
      case ModeReader.HORIZONTAL -> CORNER - 1 - j;
      case ModeReader.LEFT_DOWN -> CORNER + 2 + i + j;
      case ModeReader.RIGHT_DOWN -> CORNER + i - j;
      case ModeReader.VERTICAL_RIGHT -> VERTICAL_RIGHT[4 * j + i];
      case ModeReader.VERTICAL_LEFT -> VERTICAL_LEFT[4 * j + i];
      case ModeReader.HORIZONTAL_DOWN -> HORIZONTAL_DOWN[4 * j + i];
      default -> HORIZONTAL_UP[4 * j + i];
    };
  }

  private int smooth(int source) {
    if (source >= TWO) {
      return edge[source - TWO] + edge[source - TWO + 1] + 1 >> 1;
    }
    return edge[source - 1] + 2 * edge[source] + edge[source + 1] + 2 >> 2;
  }
}
