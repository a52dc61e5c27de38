package io.vitj.model.image;

import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
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
    ImageReader reader = JdkReaders.open("jpeg", header.essentials());
    try {
      AtomicBoolean cutShort = new AtomicBoolean();
      reader.addIIOReadWarningListener(
          (source, warning) -> {
            // libjpeg's JWRN_JPEG_EOF: the rest of the picture is made up.
            if (warning.contains("Premature end of")) {
              cutShort.set(true);
            }
          });
      Raster raster = reader.readRaster(0, null);
      if (cutShort.get()) {
        throw new UnreadableImageException(
            "the JPEG data is cut short; fetch or save the picture again");
      }
      return ((DataBufferByte) raster.getDataBuffer()).getData();
    } finally {
      reader.dispose();
    }
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

  /**
   * Pillow takes every four-component JPEG for inverted, as Adobe writes them, and converts without
   * profiles: with k the stored black, R = k − c·k/255 where c is the inverted stored cyan.
   */
  private static byte[] cmykToRgb(byte[] cmyk) {
    byte[] rgb = RasterConverter.allocate(cmyk.length / 4, 1);
    for (int i = 0, out = 0; i < cmyk.length; i += 4) {
      int k = cmyk[i + 3] & 0xff;
      for (int c = 0; c < 3; c++) {
        int product = (255 - (cmyk[i + c] & 0xff)) * k + 128;
        rgb[out++] = (byte) clamp(k - ((product >> 8) + product >> 8));
      }
    }
    return rgb;
  }
}
