package io.vitj.model.image;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import javax.imageio.IIOException;
import javax.imageio.ImageReader;

/**
 * JPEG: the JDK's reader decodes the components, this class converts them to RGB with the integer
 * arithmetic of libjpeg ({@code jdcolor.c}), so the result is libjpeg's.
 */
final class JpegDecoder {
  private static final int SCALE_BITS = 16;
  private static final int HALF = 1 << (SCALE_BITS - 1);

  private enum Colors {
    GREY,
    RGB,
    YCBCR,
    CMYK,
    YCCK
  }

  private JpegDecoder() {}

  static RgbImage decode(byte[] data, DecodeLimits limits, Orientation orientation)
      throws IOException {
    JpegHeader header = JpegHeader.parse(data);
    limits.check(header.width(), header.height());
    Colors colors = colors(header);
    byte[] samples = components(header);
    RgbImage image =
        new RgbImage(
            header.width(),
            header.height(),
            switch (colors) {
              case RGB -> samples;
              case GREY -> greyToRgb(samples);
              case YCBCR -> yccToRgb(samples, 3);
              case CMYK -> cmykToRgb(samples);
              case YCCK -> cmykToRgb(yccToRgb(samples, 4));
            });
    return orientation == Orientation.UPRIGHT
        ? Orientation.apply(image, header.orientation())
        : image;
  }

  /** libjpeg's guess, {@code default_decompress_parms} in {@code jdapimin.c}. */
  private static Colors colors(JpegHeader header) throws UnreadableImageException {
    return switch (header.components()) {
      case 1 -> Colors.GREY;
      case 3 -> threeColors(header);
      case 4 -> header.adobeTransform() <= 0 ? Colors.CMYK : Colors.YCCK;
      default ->
          throw new UnreadableImageException(
              "JPEG of %d components is not supported; save it as RGB"
                  .formatted(header.components()));
    };
  }

  private static Colors threeColors(JpegHeader header) {
    if (header.jfif()) {
      return Colors.YCBCR;
    }
    if (header.adobeTransform() >= 0) {
      return header.adobeTransform() == 0 ? Colors.RGB : Colors.YCBCR;
    }
    boolean named =
        header.componentId(0) == 'R'
            && header.componentId(1) == 'G'
            && header.componentId(2) == 'B';
    return named ? Colors.RGB : Colors.YCBCR;
  }

  private static byte[] components(JpegHeader header) throws IOException {
    MemoryInput input = new MemoryInput(header.essentials());
    ImageReader reader = JdkReaders.open("jpeg", input);
    try {
      Raster raster = reader.readRaster(0, null);
      if (input.exhausted()) {
        // libjpeg makes the rest of the picture up and only warns.
        throw cutShort();
      }
      byte[] samples = ((DataBufferByte) raster.getDataBuffer()).getData();
      smoothRows(samples, header);
      return samples;
    } catch (IIOException e) {
      throw input.exhausted() ? cutShort() : e;
    } finally {
      reader.dispose();
    }
  }

  private static UnreadableImageException cutShort() {
    return new UnreadableImageException(
        "the JPEG data is cut short; fetch or save the picture again");
  }

  /**
   * Interpolates components that have half the rows and all the columns. The JDK's libjpeg 6b
   * repeats their rows; libjpeg-turbo, with which some distributions build the JDK, makes each (3 ·
   * near + far) / 4, rounded down in even rows and up in odd ones ({@code h1v2_fancy_upsample} in
   * {@code jdsample.c}).
   */
  private static void smoothRows(byte[] samples, JpegHeader header) {
    int bands = header.components();
    int stride = bands * header.width();
    for (int c = 0; c < bands; c++) {
      int height = header.height();
      if (!header.hasHalfTheRows(c) || !rowsRepeat(samples, c, bands, stride, height)) {
        continue;
      }
      byte[] above = new byte[header.width()];
      byte[] below = new byte[header.width()];
      for (int x = 0; x < above.length; x++) {
        above[x] = samples[x * bands + c];
      }
      for (int y = 0; y < height; y += 2) {
        int next = Math.min(y + 2, height - 1) & ~1;
        for (int x = 0; x < above.length; x++) {
          int at = y * stride + x * bands + c;
          int near = samples[at] & 0xff;
          int under = samples[next * stride + x * bands + c] & 0xff;
          below[x] = (byte) near;
          samples[at] = (byte) (3 * near + (above[x] & 0xff) + 1 >> 2);
          if (y + 1 < height) {
            samples[at + stride] = (byte) (3 * near + under + 2 >> 2);
          }
        }
        byte[] swap = above;
        above = below;
        below = swap;
      }
    }
  }

  private static boolean rowsRepeat(byte[] samples, int band, int bands, int stride, int height) {
    for (int y = 0; y + 1 < height; y += 2) {
      for (int i = y * stride + band; i < (y + 1) * stride; i += bands) {
        if (samples[i] != samples[i + stride]) {
          return false;
        }
      }
    }
    return true;
  }

  private static byte[] greyToRgb(byte[] grey) {
    byte[] rgb = RasterConverter.allocate(grey.length, 1);
    for (int i = 0, out = 0; i < grey.length; i++, out += 3) {
      rgb[out] = grey[i];
      rgb[out + 1] = grey[i];
      rgb[out + 2] = grey[i];
    }
    return rgb;
  }

  /**
   * Y, Cb, Cr to R, G, B in place; for four bands the result is C, M, Y with K as it was.
   *
   * <p>R = Y + 1.402 Cr, G = Y − 0.34414 Cb − 0.71414 Cr, B = Y + 1.772 Cb, each product rounded in
   * 16-bit fixed point; YCCK holds the complements of C, M, Y.
   */
  private static byte[] yccToRgb(byte[] samples, int bands) {
    int complement = bands == 4 ? 255 : 0;
    for (int i = 0; i < samples.length; i += bands) {
      int y = samples[i] & 0xff;
      int cb = (samples[i + 1] & 0xff) - 128;
      int cr = (samples[i + 2] & 0xff) - 128;
      int red = y + (fix(1.402) * cr + HALF >> SCALE_BITS);
      int green = y + (-fix(0.34414) * cb - fix(0.71414) * cr + HALF >> SCALE_BITS);
      int blue = y + (fix(1.772) * cb + HALF >> SCALE_BITS);
      samples[i] = (byte) (clamp(red) ^ complement);
      samples[i + 1] = (byte) (clamp(green) ^ complement);
      samples[i + 2] = (byte) (clamp(blue) ^ complement);
    }
    return samples;
  }

  private static int fix(double value) {
    return (int) (value * (1 << SCALE_BITS) + 0.5);
  }

  private static int clamp(int value) {
    return Math.min(Math.max(value, 0), 255);
  }

  /** Pillow takes the inks of every JPEG for inverted, as Adobe writes them. */
  private static byte[] cmykToRgb(byte[] cmyk) {
    byte[] rgb = RasterConverter.allocate(cmyk.length / 4, 1);
    for (int i = 0, out = 0; i < cmyk.length; i += 4) {
      int black = 255 - (cmyk[i + 3] & 0xff);
      for (int c = 0; c < 3; c++) {
        rgb[out++] = RasterConverter.ink(255 - (cmyk[i + c] & 0xff), black);
      }
    }
    return rgb;
  }
}
