package io.vitj.tensor;

/**
 * Conversion between 16-bit floating-point formats and {@code float}.
 *
 * <p>Widening is exact: every binary16 and bfloat16 value is a binary32 value. Narrowing rounds to
 * nearest, ties to even, overflows to infinity and keeps denormals (IEEE 754-2019, section 4.3.1).
 * A NaN stays a NaN with its sign.
 */
public final class HalfFloat {
  private HalfFloat() {}

  /**
   * Widens an IEEE binary16.
   *
   * @param bits the 16 bits
   * @return the same value
   */
  public static float f16(short bits) {
    return Float.float16ToFloat(bits);
  }

  /**
   * Narrows to IEEE binary16.
   *
   * @param value any value
   * @return the bits of the nearest binary16
   */
  public static short f16(float value) {
    return Float.floatToFloat16(value);
  }

  /**
   * Widens a bfloat16.
   *
   * @param bits the 16 bits
   * @return the same value
   */
  public static float bf16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /**
   * Narrows to bfloat16.
   *
   * @param value any value
   * @return the bits of the nearest bfloat16
   */
  public static short bf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      // A payload in the lower half alone would round to infinity: set the quiet bit instead.
      return (short) (bits >>> 16 | 0x40);
    }
    int roundToEven = 0x7fff + (bits >>> 16 & 1);
    return (short) (bits + roundToEven >>> 16);
  }
}
