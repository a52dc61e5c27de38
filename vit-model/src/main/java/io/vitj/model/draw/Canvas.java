package io.vitj.model.draw;

import io.vitj.model.image.RgbImage;
import java.util.Arrays;

/** Pixels to draw on, 0xRRGGBB. Drawing outside is an {@link IndexOutOfBoundsException}. */
final class Canvas {
  final int width;
  final int height;
  final int[] pixels;

  /**
   * Makes a canvas of one colour.
   *
   * @param width pixels in a row
   * @param height rows
   * @param rgb the colour
   */
  Canvas(int width, int height, int rgb) {
    this.width = width;
    this.height = height;
    pixels = new int[Math.multiplyExact(width, height)];
    Arrays.fill(pixels, rgb);
  }

  /**
   * Mixes two colours.
   *
   * @param a the one
   * @param b the other
   * @param share the share of b, from 0 to 1
   * @return the mixture
   */
  static int mix(int a, int b, double share) {
    int rgb = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int from = a >> shift & 0xff;
      int to = b >> shift & 0xff;
      rgb |= (int) Math.rint(from + share * (to - from)) << shift;
    }
    return rgb;
  }

  /**
   * Returns the pixel of a picture.
   *
   * @param image the picture
   * @param x its column
   * @param y its row
   * @return its colour
   */
  static int rgb(RgbImage image, int x, int y) {
    byte[] samples = image.pixels();
    int at = 3 * (y * image.width() + x);
    return (samples[at] & 0xff) << 16 | (samples[at + 1] & 0xff) << 8 | samples[at + 2] & 0xff;
  }

  void set(int x, int y, int rgb) {
    pixels[y * width + x] = rgb;
  }

  int get(int x, int y) {
    return pixels[y * width + x];
  }

  /**
   * Draws the outline of a rectangle, as far as it is inside.
   *
   * @param left the first column
   * @param top the first row
   * @param right the last column
   * @param bottom the last row
   * @param within the part of the canvas that may be drawn on
   * @param rgb the colour
   */
  void outline(int left, int top, int right, int bottom, Area within, int rgb) {
    for (int x = left; x <= right; x++) {
      dot(x, top, within, rgb);
      dot(x, bottom, within, rgb);
    }
    for (int y = top; y <= bottom; y++) {
      dot(left, y, within, rgb);
      dot(right, y, within, rgb);
    }
  }

  private void dot(int x, int y, Area within, int rgb) {
    if (within.holds(x, y)) {
      set(x, y, rgb);
    }
  }

  /**
   * A rectangle of pixels.
   *
   * @param x its first column
   * @param y its first row
   * @param width columns
   * @param height rows
   */
  record Area(int x, int y, int width, int height) {
    boolean holds(int column, int row) {
      return column >= x && column < x + width && row >= y && row < y + height;
    }
  }

  /**
   * Copies the canvas.
   *
   * @return a picture
   */
  RgbImage image() {
    byte[] samples = new byte[3 * pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      samples[3 * i] = (byte) (pixels[i] >> 16);
      samples[3 * i + 1] = (byte) (pixels[i] >> 8);
      samples[3 * i + 2] = (byte) pixels[i];
    }
    return new RgbImage(width, height, samples);
  }
}
