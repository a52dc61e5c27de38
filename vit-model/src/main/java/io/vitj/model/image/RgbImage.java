package io.vitj.model.image;

import java.awt.image.BufferedImage;
import java.util.Objects;

/**
 * A picture of 8-bit red, green and blue, interleaved, rows from the top: the sample of channel c
 * at (x, y) is {@code pixels()[3 * (y * width + x) + c] & 0xff}.
 *
 * <p>The array is shared, not copied; whoever keeps an image must not write to it.
 */
public final class RgbImage {
  /** The largest width × height whose bytes fit one array. */
  static final int MAX_PIXELS = (Integer.MAX_VALUE - 8) / 3;

  private final int width;
  private final int height;
  private final byte[] pixels;

  /**
   * Wraps samples.
   *
   * @param width pixels in a row, at least 1
   * @param height rows, at least 1
   * @param pixels 3 · width · height bytes, kept as they are
   * @throws IllegalArgumentException where the three do not agree
   */
  public RgbImage(int width, int height, byte[] pixels) {
    Objects.requireNonNull(pixels, "pixels");
    if (width < 1 || height < 1 || 3L * width * height != pixels.length) {
      throw new IllegalArgumentException(
          "an image of %d×%d needs %d bytes, not %d"
              .formatted(width, height, 3L * width * height, pixels.length));
    }
    this.width = width;
    this.height = height;
    this.pixels = pixels;
  }

  /**
   * Converts a picture as Pillow's {@code convert('RGB')} does: alpha is dropped, not composited;
   * grey is replicated; no colour management. 16-bit grey is scaled by 1/257 and rounded.
   *
   * @param image any type, also {@code TYPE_CUSTOM}; not kept
   * @return a copy of its pixels
   */
  public static RgbImage of(BufferedImage image) {
    return RasterConverter.toRgb(image);
  }

  /**
   * The width.
   *
   * @return pixels in a row
   */
  public int width() {
    return width;
  }

  /**
   * The height.
   *
   * @return rows
   */
  public int height() {
    return height;
  }

  /**
   * The samples.
   *
   * @return the image's own array: R, G, B of each pixel, row after row
   */
  public byte[] pixels() {
    return pixels;
  }

  /**
   * Copies the picture for use with AWT.
   *
   * @return an image of {@code TYPE_INT_RGB}
   */
  public BufferedImage toBufferedImage() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] row = new int[width];
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++, i += 3) {
        row[x] = (pixels[i] & 0xff) << 16 | (pixels[i + 1] & 0xff) << 8 | pixels[i + 2] & 0xff;
      }
      image.setRGB(0, y, width, 1, row, 0, width);
    }
    return image;
  }

  /** A copy on a larger canvas of one colour (3 bytes). */
  RgbImage placed(int canvasWidth, int canvasHeight, int left, int top, byte[] color) {
    byte[] canvas = new byte[3 * canvasWidth * canvasHeight];
    for (int i = 0; i < canvas.length; i++) {
      canvas[i] = color[i % 3];
    }
    for (int y = 0; y < height; y++) {
      System.arraycopy(
          pixels, 3 * y * width, canvas, 3 * ((top + y) * canvasWidth + left), 3 * width);
    }
    return new RgbImage(canvasWidth, canvasHeight, canvas);
  }

  /** The size, for messages. */
  @Override
  public String toString() {
    return width + "×" + height + " RGB";
  }
}
