package io.vitj.model.image.vp8;

/**
 * The inverse transforms in VP8's integer arithmetic.
 *
 * <p>Source: RFC 6386 section 14.
 */
final class InverseTransform {
  /** √2 · cos(π/8) − 1 and √2 · sin(π/8) in 16-bit fixed point. */
  private static final int COS = 20091;

  private static final int SIN = 35468;

  private InverseTransform() {}

  /**
   * Adds the inverse DCT of a 4×4 block to a plane.
   *
   * @param block 16 coefficients, rows first, from {@code from}
   * @param scratch 16 integers to work in
   * @param at the block's top left sample
   */
  static void add(short[] block, int from, int[] scratch, Plane plane, int at) {
    for (int i = 0; i < 4; i++) {
      int in0 = block[from + i];
      int in1 = block[from + 4 + i];
      int in2 = block[from + 8 + i];
      int in3 = block[from + 12 + i];
      int a = in0 + in2;
      int b = in0 - in2;
      int c = sin(in1) - cos(in3);
      int d = cos(in1) + sin(in3);
      scratch[4 * i] = a + d;
      scratch[4 * i + 1] = b + c;
      scratch[4 * i + 2] = b - c;
      scratch[4 * i + 3] = a - d;
    }
    byte[] samples = plane.samples;
    for (int i = 0, p = at; i < 4; i++, p += plane.stride) {
      int dc = scratch[i] + 4;
      int a = dc + scratch[8 + i];
      int b = dc - scratch[8 + i];
      int c = sin(scratch[4 + i]) - cos(scratch[12 + i]);
      int d = cos(scratch[4 + i]) + sin(scratch[12 + i]);
      samples[p] = clamp((samples[p] & 0xff) + (a + d >> 3));
      samples[p + 1] = clamp((samples[p + 1] & 0xff) + (b + c >> 3));
      samples[p + 2] = clamp((samples[p + 2] & 0xff) + (b - c >> 3));
      samples[p + 3] = clamp((samples[p + 3] & 0xff) + (a - d >> 3));
    }
  }

  /**
   * The inverse Walsh–Hadamard transform of the first coefficients of 16 luma blocks.
   *
   * @param block 16 coefficients
   * @param coefficients receives one value at the start of each 16
   */
  static void walshHadamard(short[] block, int[] scratch, short[] coefficients) {
    for (int i = 0; i < 4; i++) {
      int a0 = block[i] + block[12 + i];
      int a1 = block[4 + i] + block[8 + i];
      int a2 = block[4 + i] - block[8 + i];
      int a3 = block[i] - block[12 + i];
      scratch[i] = a0 + a1;
      scratch[4 + i] = a3 + a2;
      scratch[8 + i] = a0 - a1;
      scratch[12 + i] = a3 - a2;
    }
    for (int i = 0; i < 4; i++) {
      int dc = scratch[4 * i] + 3;
      int a0 = dc + scratch[4 * i + 3];
      int a1 = scratch[4 * i + 1] + scratch[4 * i + 2];
      int a2 = scratch[4 * i + 1] - scratch[4 * i + 2];
      int a3 = dc - scratch[4 * i + 3];
      coefficients[64 * i] = (short) (a0 + a1 >> 3);
      coefficients[64 * i + 16] = (short) (a3 + a2 >> 3);
      coefficients[64 * i + 32] = (short) (a0 - a1 >> 3);
      coefficients[64 * i + 48] = (short) (a3 - a2 >> 3);
    }
  }

  private static int cos(int value) {
    return (value * COS >> 16) + value;
  }

  private static int sin(int value) {
    return value * SIN >> 16;
  }

  static byte clamp(int value) {
    return (byte) Math.min(Math.max(value, 0), 255);
  }
}
