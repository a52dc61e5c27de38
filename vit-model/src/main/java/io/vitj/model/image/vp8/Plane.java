package io.vitj.model.image.vp8;

import java.util.Arrays;

/**
 * One plane of whole macroblocks with the border that prediction sees outside the picture: 127
 * above, 129 on the left, 127 in the corner. Four samples to the right belong to the row above.
 *
 * <p>Source: RFC 6386 section 12.2.
 */
final class Plane {
  private static final int ABOVE = 127;
  private static final int LEFT = 129;
  private static final int RIGHT_MARGIN = 4;

  final byte[] samples;
  final int stride;

  Plane(int width, int height) {
    stride = 1 + width + RIGHT_MARGIN;
    samples = new byte[Math.multiplyExact(stride, height + 1)];
    Arrays.fill(samples, 0, stride, (byte) ABOVE);
    for (int y = 0; y < height; y++) {
      samples[at(-1, y)] = (byte) LEFT;
    }
  }

  /** The index of a sample; x and y from −1. */
  int at(int x, int y) {
    return (y + 1) * stride + x + 1;
  }
}
