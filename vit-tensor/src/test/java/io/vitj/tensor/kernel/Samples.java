package io.vitj.tensor.kernel;

import java.util.Random;
import java.util.stream.IntStream;

/** Values and sizes that tests use; the same in every run. */
public final class Samples {
  private static final float[] SPECIAL = {
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    0f,
    -0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    0x0.8p-126f,
    -0x0.fffffep-126f,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    1e30f,
    -1e30f,
  };

  private Samples() {}

  /**
   * Values of the standard normal distribution.
   *
   * @param n how many
   * @param seed makes them differ
   * @return the values
   */
  public static float[] normal(int n, long seed) {
    Random random = new Random(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /**
   * Values of either sign with magnitudes from 2⁻²⁰ to 2²⁰.
   *
   * @param n how many
   * @param seed makes them differ
   * @return the values
   */
  public static float[] wide(int n, long seed) {
    Random random = new Random(seed);
    float[] values = normal(n, seed + 1);
    for (int i = 0; i < n; i++) {
      values[i] = Math.scalb(values[i], random.nextInt(41) - 20);
    }
    return values;
  }

  /**
   * Normal values with every third one replaced by NaN, ±∞, ±0, a denormal or a huge number.
   *
   * @param n how many
   * @param seed makes them differ
   * @return the values
   */
  public static float[] special(int n, long seed) {
    Random random = new Random(seed);
    float[] values = normal(n, seed + 1);
    for (int i = 0; i < n; i++) {
      if (random.nextInt(3) == 0) {
        values[i] = SPECIAL[random.nextInt(SPECIAL.length)];
      }
    }
    return values;
  }

  /** Sizes at which a loop over vectors can go wrong. */
  static int[] sizes(int lanes) {
    return IntStream.of(
            1, 2, 3, 5, 7, lanes - 1, lanes, lanes + 1, 2 * lanes, 3 * lanes + 1, 31, 61, 197)
        .filter(n -> n > 0)
        .toArray();
  }
}
