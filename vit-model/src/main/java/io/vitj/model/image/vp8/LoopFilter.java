package io.vitj.model.image.vp8;

/**
 * Smooths the edges between blocks.
 *
 * <p>Source: RFC 6386 section 15.
 */
final class LoopFilter {
  /** No filtering. */
  static final Strength OFF = new Strength(0, 0, 0);

  private final byte[] samples;
  private final int stride;

  /**
   * How strongly the edges of a macroblock are filtered.
   *
   * @param limit of the step across an inner edge, times two plus one; 0 turns filtering off
   * @param interior limit of the steps between neighbours on one side
   * @param highVariance limit above which only the two nearest samples change
   */
  record Strength(int limit, int interior, int highVariance) {}

  LoopFilter(Plane plane) {
    this.samples = plane.samples;
    this.stride = plane.stride;
  }

  static Strength strength(int unclamped, int sharpness) {
    int level = Math.min(Math.max(unclamped, 0), 63);
    if (level == 0) {
      return OFF;
    }
    int interior = level;
    if (sharpness > 0) {
      interior = Math.min(level >> (sharpness > 4 ? 2 : 1), 9 - sharpness);
    }
    interior = Math.max(interior, 1);
    return new Strength(2 * level + interior, interior, level >= 40 ? 2 : level >= 15 ? 1 : 0);
  }

  /**
   * Filters the edges of one block of {@code size × size} samples in a macroblock's plane: left,
   * inner vertical, top, inner horizontal.
   *
   * @param at its first sample
   * @param left whether a macroblock lies on the left
   * @param top whether a macroblock lies above
   * @param inner whether the edges between its 4×4 blocks are filtered
   * @param simple whether by the simple filter, which is for luma only
   */
  void filter(
      int at,
      int size,
      Strength strength,
      boolean left,
      boolean top,
      boolean inner,
      boolean simple) {
    int outer = strength.limit() + 4;
    if (left) {
      edge(at, stride, 1, size, outer, strength, simple, true);
    }
    for (int i = 4; inner && i < size; i += 4) {
      edge(at + i, stride, 1, size, strength.limit(), strength, simple, false);
    }
    if (top) {
      edge(at, 1, stride, size, outer, strength, simple, true);
    }
    for (int i = 4; inner && i < size; i += 4) {
      edge(at + i * stride, 1, stride, size, strength.limit(), strength, simple, false);
    }
  }

  /**
   * Filters along an edge: {@code along} steps to the next sample of it, {@code across} over it.
   */
  private void edge(
      int at,
      int along,
      int across,
      int size,
      int limit,
      Strength strength,
      boolean simple,
      boolean macroblockEdge) {
    int threshold = 2 * limit + 1;
    for (int i = 0, p = at; i < size; i++, p += along) {
      if (simple) {
        if (step(p, across) <= threshold) {
          adjustTwo(p, across);
        }
      } else if (step(p, across) <= threshold && smooth(p, across, strength.interior())) {
        if (highVariance(p, across, strength.highVariance())) {
          adjustTwo(p, across);
        } else if (macroblockEdge) {
          adjustSix(p, across);
        } else {
          adjustFour(p, across);
        }
      }
    }
  }

  private int sample(int at) {
    return samples[at] & 0xff;
  }

  private int difference(int a, int b) {
    return Math.abs(sample(a) - sample(b));
  }

  private int step(int p, int s) {
    return 4 * difference(p - s, p) + difference(p - 2 * s, p + s);
  }

  private boolean smooth(int p, int s, int limit) {
    return difference(p - 4 * s, p - 3 * s) <= limit
        && difference(p - 3 * s, p - 2 * s) <= limit
        && difference(p - 2 * s, p - s) <= limit
        && difference(p + 3 * s, p + 2 * s) <= limit
        && difference(p + 2 * s, p + s) <= limit
        && difference(p + s, p) <= limit;
  }

  private boolean highVariance(int p, int s, int limit) {
    return difference(p - 2 * s, p - s) > limit || difference(p + s, p) > limit;
  }

  private void adjustTwo(int p, int s) {
    int a = 3 * (sample(p) - sample(p - s)) + signed(sample(p - 2 * s) - sample(p + s), 128);
    add(p - s, signed(a + 3 >> 3, 16));
    add(p, -signed(a + 4 >> 3, 16));
  }

  private void adjustFour(int p, int s) {
    int a = 3 * (sample(p) - sample(p - s));
    int near = signed(a + 4 >> 3, 16);
    int far = near + 1 >> 1;
    add(p - 2 * s, far);
    add(p - s, signed(a + 3 >> 3, 16));
    add(p, -near);
    add(p + s, -far);
  }

  private void adjustSix(int p, int s) {
    int step = 3 * (sample(p) - sample(p - s));
    int a = signed(step + signed(sample(p - 2 * s) - sample(p + s), 128), 128);
    for (int i = 0, weight = 27; i < 3; i++, weight -= 9) {
      int change = weight * a + 63 >> 7;
      add(p - (i + 1) * s, change);
      add(p + i * s, -change);
    }
  }

  /** Clamps to [−bound, bound). */
  private static int signed(int value, int bound) {
    return Math.min(Math.max(value, -bound), bound - 1);
  }

  private void add(int at, int change) {
    samples[at] = InverseTransform.clamp(sample(at) + change);
  }
}
