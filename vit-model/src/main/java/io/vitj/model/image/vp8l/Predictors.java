package io.vitj.model.image.vp8l;

/**
 * Predictions of a pixel from the one on the left and three above.
 *
 * <p>Source: RFC 9649 section 4.1.
 */
final class Predictors {
  static final int BLACK = 0xff000000;

  private Predictors() {}

  /** The prediction of pixel i, which is neither in the first row nor in the first column. */
  static int predict(int mode, int[] pixels, int i, int width) {
    int left = pixels[i - 1];
    int top = pixels[i - width];
    int topLeft = pixels[i - width - 1];
    // Beyond the right edge this is the first pixel of the row.
    int topRight = pixels[i - width + 1];
    return switch (mode) {
      case 1 -> left;
      case 2 -> top;
      case 3 -> topRight;
      case 4 -> topLeft;
      case 5 -> mean(mean(left, topRight), top);
      case 6 -> mean(left, topLeft);
      case 7 -> mean(left, top);
      case 8 -> mean(topLeft, top);
      case 9 -> mean(top, topRight);
      case 10 -> mean(mean(left, topLeft), mean(top, topRight));
      case 11 -> select(left, top, topLeft);
      case 12 -> gradient(left, top, topLeft);
      case 13 -> halfGradient(mean(left, top), topLeft);
      default -> BLACK;
    };
  }

  /** Adds each of the four samples modulo 256. */
  static int add(int a, int b) {
    int alphaGreen = (a & 0xff00ff00) + (b & 0xff00ff00);
    int redBlue = (a & 0x00ff00ff) + (b & 0x00ff00ff);
    return alphaGreen & 0xff00ff00 | redBlue & 0x00ff00ff;
  }

  /** The mean of each of the four samples, rounded down. */
  private static int mean(int a, int b) {
    return (((a ^ b) & 0xfefefefe) >>> 1) + (a & b);
  }

  private static int select(int left, int top, int topLeft) {
    int toLeft = 0;
    int toTop = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      int corner = topLeft >>> shift & 0xff;
      // The estimate is left + top − corner.
      toLeft += Math.abs((top >>> shift & 0xff) - corner);
      toTop += Math.abs((left >>> shift & 0xff) - corner);
    }
    return toLeft < toTop ? left : top;
  }

  private static int gradient(int left, int top, int topLeft) {
    int result = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      int value = (left >>> shift & 0xff) + (top >>> shift & 0xff) - (topLeft >>> shift & 0xff);
      result |= clamp(value) << shift;
    }
    return result;
  }

  private static int halfGradient(int mean, int topLeft) {
    int result = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      int m = mean >>> shift & 0xff;
      result |= clamp(m + (m - (topLeft >>> shift & 0xff)) / 2) << shift;
    }
    return result;
  }

  private static int clamp(int value) {
    return Math.min(Math.max(value, 0), 255);
  }
}
