package io.vitj.model.image;

import java.util.Arrays;

/**
 * Which source pixels each destination pixel of one axis is made of, and how much of each.
 *
 * <p>Destination pixel i is {@code Σ_k weights[i * stride + k] · source[start[i] + k]} over {@code
 * k < count[i]}, in fixed point with {@link #PRECISION_BITS} fraction bits. Weights beyond {@code
 * count[i]} are zero.
 */
final class Taps {
  /** 32 bits less the sample's 8, less 2 for sign and for sums of weights between 1 and 2. */
  static final int PRECISION_BITS = 32 - 8 - 2;

  final int[] start;
  final int[] count;
  final int[] weights;
  final int stride;

  private Taps(int[] start, int[] count, int[] weights, int stride) {
    this.start = start;
    this.count = count;
    this.weights = weights;
    this.stride = stride;
  }

  /**
   * The taps of a window of one resized axis.
   *
   * @param sourceSize pixels of the source axis
   * @param size pixels of the whole destination axis; where it equals the source's, the taps copy
   * @param from first destination pixel of the window
   * @param length destination pixels of the window
   */
  static Taps of(int sourceSize, int size, Filter filter, int from, int length) {
    if (size == sourceSize) {
      int[] start = new int[length];
      int[] count = new int[length];
      Arrays.setAll(start, i -> from + i);
      Arrays.fill(count, 1);
      int[] ones = new int[length];
      Arrays.fill(ones, 1 << PRECISION_BITS);
      return new Taps(start, count, ones, 1);
    }
    AxisWeights exact = AxisWeights.antialiased(sourceSize, size, filter, from, length);
    int[] weights = new int[exact.weights.length];
    for (int i = 0; i < weights.length; i++) {
      double weight = exact.weights[i];
      // Half away from zero; the cast truncates.
      weights[i] = (int) (weight * (1 << PRECISION_BITS) + (weight < 0 ? -0.5 : 0.5));
    }
    return new Taps(exact.start, exact.count, weights, exact.stride);
  }

  /** Whether these taps copy an axis of this many pixels as it is. */
  boolean copiesAll(int size) {
    return stride == 1 && start.length == size && weights[0] == 1 << PRECISION_BITS;
  }

  /** The first source pixel any destination pixel of the window needs. */
  int first() {
    return start[0];
  }

  /** One past the last source pixel any destination pixel of the window needs. */
  int end() {
    int last = start.length - 1;
    return start[last] + count[last];
  }
}
