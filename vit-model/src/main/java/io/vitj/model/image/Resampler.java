package io.vitj.model.image;

import java.util.Arrays;
import java.util.Objects;

/**
 * Resizing that equals Pillow's {@code Image.resize} to the last bit.
 *
 * <p>A separable convolution in two passes, along rows first, with 8-bit samples in between. The
 * weights are computed in float64, normalised to sum 1, and rounded to fixed point with 22 fraction
 * bits, so each pass is {@code clip8((2^21 + Σ w·p) >> 22)} in 32-bit integers: a sum of weights of
 * magnitude below 2 times 255 fits. A pass that changes nothing is skipped. {@link Filter#NEAREST}
 * copies pixels instead.
 *
 * <p>Source: Pillow {@code Resample.c} and, for nearest, {@code Geometry.c} ({@code
 * ImagingScaleAffine}).
 */
public final class Resampler {
  private static final int ROUND = 1 << (Taps.PRECISION_BITS - 1);

  private Resampler() {}

  /**
   * Resizes a picture.
   *
   * @param image the source; not changed
   * @param width of the result, at least 1
   * @param height of the result, at least 1
   * @param filter the kernel
   * @return a picture of {@code width × height}; the source itself if nothing changes
   */
  public static RgbImage resize(RgbImage image, int width, int height, Filter filter) {
    return resize(image, width, height, filter, 0, 0, width, height);
  }

  /**
   * Resizes a picture and keeps a part of the result, at the cost of that part: equal to resizing
   * to {@code width × height} and cropping.
   *
   * @param image the source; not changed
   * @param width of the whole resized picture, at least 1
   * @param height of the whole resized picture, at least 1
   * @param filter the kernel
   * @param left the first column kept
   * @param top the first row kept
   * @param cropWidth columns kept, within the resized picture
   * @param cropHeight rows kept, within the resized picture
   * @return a picture of {@code cropWidth × cropHeight}; the source itself if nothing changes
   */
  public static RgbImage resize(
      RgbImage image,
      int width,
      int height,
      Filter filter,
      int left,
      int top,
      int cropWidth,
      int cropHeight) {
    Objects.requireNonNull(filter, "filter");
    if (left < 0 || top < 0 || cropWidth < 1 || cropHeight < 1) {
      throw new IllegalArgumentException(
          "a part of %d×%d at (%d, %d)".formatted(cropWidth, cropHeight, left, top));
    }
    if (cropWidth > width - left || cropHeight > height - top) {
      throw new IllegalArgumentException(
          "a part of %d×%d at (%d, %d) leaves the resized picture of %d×%d"
              .formatted(cropWidth, cropHeight, left, top, width, height));
    }
    if (filter == Filter.NEAREST) {
      return pick(
          image,
          nearest(image.width(), width, left, cropWidth),
          nearest(image.height(), height, top, cropHeight));
    }
    Taps across = Taps.of(image.width(), width, filter, left, cropWidth);
    Taps down = Taps.of(image.height(), height, filter, top, cropHeight);
    // Pillow's Image.resize shortens a picture this tall before it touches its rows.
    boolean columnsFirst = image.height() > 100L * image.width() && height < image.height();
    if (columnsFirst) {
      return alongRows(alongColumns(image, 0, down), 0, cropHeight, across);
    }
    int firstRow = down.first();
    return alongColumns(alongRows(image, firstRow, down.end() - firstRow, across), firstRow, down);
  }

  /** Resamples {@code rows} rows from {@code firstRow} on. */
  private static RgbImage alongRows(RgbImage image, int firstRow, int rows, Taps taps) {
    if (taps.copiesAll(image.width()) && rows == image.height()) {
      return image;
    }
    int[] start = taps.start;
    int[] count = taps.count;
    int[] weights = taps.weights;
    int width = start.length;
    byte[] source = image.pixels();
    byte[] result = new byte[Math.multiplyExact(rows, 3 * width)];
    int out = 0;
    for (int y = 0; y < rows; y++) {
      int row = 3 * image.width() * (firstRow + y);
      for (int x = 0; x < width; x++) {
        int p = row + 3 * start[x];
        int w = x * taps.stride;
        int end = w + count[x];
        int r = ROUND;
        int g = ROUND;
        int b = ROUND;
        for (; w < end; w++, p += 3) {
          int weight = weights[w];
          r += (source[p] & 0xff) * weight;
          g += (source[p + 1] & 0xff) * weight;
          b += (source[p + 2] & 0xff) * weight;
        }
        result[out] = clip(r);
        result[out + 1] = clip(g);
        result[out + 2] = clip(b);
        out += 3;
      }
    }
    return new RgbImage(width, rows, result);
  }

  /** Resamples columns of a picture that begins at source row {@code firstRow}. */
  private static RgbImage alongColumns(RgbImage image, int firstRow, Taps taps) {
    if (taps.copiesAll(image.height())) {
      return image;
    }
    byte[] pixels = image.pixels();
    int height = taps.start.length;
    int rowBytes = 3 * image.width();
    byte[] result = new byte[Math.multiplyExact(height, rowBytes)];
    int[] sums = new int[rowBytes];
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, ROUND);
      int row = (taps.start[y] - firstRow) * rowBytes;
      int w = y * taps.stride;
      int end = w + taps.count[y];
      for (; w + 4 <= end; w += 4, row += 4 * rowBytes) {
        addFour(pixels, row, taps.weights, w, sums);
      }
      for (; w < end; w++, row += rowBytes) {
        addOne(pixels, row, taps.weights[w], sums);
      }
      store(sums, result, y * rowBytes);
    }
    return new RgbImage(image.width(), height, result);
  }

  /** Adds four weighted rows that follow each other; a row is as long as the sums. */
  private static void addFour(byte[] pixels, int row, int[] weights, int w, int[] sums) {
    int stride = sums.length;
    int a = weights[w];
    int b = weights[w + 1];
    int c = weights[w + 2];
    int d = weights[w + 3];
    for (int i = 0; i < sums.length; i++) {
      sums[i] +=
          (pixels[row + i] & 0xff) * a
              + (pixels[row + stride + i] & 0xff) * b
              + (pixels[row + 2 * stride + i] & 0xff) * c
              + (pixels[row + 3 * stride + i] & 0xff) * d;
    }
  }

  private static void addOne(byte[] pixels, int row, int weight, int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += (pixels[row + i] & 0xff) * weight;
    }
  }

  /** In two loops: each is vectorised, the two as one are not. */
  private static void store(int[] sums, byte[] result, int out) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = Math.min(Math.max(sums[i] >> Taps.PRECISION_BITS, 0), 255);
    }
    for (int i = 0; i < sums.length; i++) {
      result[out + i] = (byte) sums[i];
    }
  }

  private static byte clip(int sum) {
    int value = sum >> Taps.PRECISION_BITS;
    return (byte) ((value & ~255) == 0 ? value : ~value >> 31);
  }

  /** The source pixel of each destination pixel of a window, or −1 outside the source. */
  private static int[] nearest(int sourceSize, int size, int from, int length) {
    int[] index = new int[length];
    double step = (double) sourceSize / size;
    double at = step * 0.5;
    for (int i = 0; i < from + length; i++) {
      if (i >= from) {
        index[i - from] = at < sourceSize ? (int) at : -1;
      }
      // Pillow accumulates; from + i · step would round differently.
      at += step;
    }
    return index;
  }

  private static RgbImage pick(RgbImage image, int[] columns, int[] rows) {
    byte[] source = image.pixels();
    byte[] result = new byte[Math.multiplyExact(rows.length, 3 * columns.length)];
    int out = 0;
    for (int row : rows) {
      for (int column : columns) {
        if (row >= 0 && column >= 0) {
          System.arraycopy(source, 3 * (row * image.width() + column), result, out, 3);
        }
        out += 3;
      }
    }
    return new RgbImage(columns.length, rows.length, result);
  }
}
