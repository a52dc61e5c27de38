package io.vitj.model.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * Samples as they are stored to 8-bit RGB, by Pillow's rules and without colour management: {@link
 * ColorModel#getRGB} would pass grey through a linear-light colour space and so change its values.
 */
final class RasterConverter {
  private RasterConverter() {}

  static RgbImage toRgb(BufferedImage image) {
    Raster raster = image.getRaster();
    ColorModel model = image.getColorModel();
    if (model instanceof IndexColorModel palette) {
      return lookUp(raster, palette);
    }
    if (model instanceof DirectColorModel direct && !model.isAlphaPremultiplied()) {
      return unpack(raster, direct);
    }
    if (model instanceof ComponentColorModel && !model.isAlphaPremultiplied()) {
      int type = model.getColorSpace().getType();
      boolean plain = type == ColorSpace.TYPE_GRAY || type == ColorSpace.TYPE_RGB;
      int samples = raster.getTransferType();
      if (plain && samples == DataBuffer.TYPE_BYTE) {
        return replicate(raster);
      }
      if (plain && samples == DataBuffer.TYPE_USHORT) {
        return narrow(raster);
      }
      if (type == ColorSpace.TYPE_CMYK && samples == DataBuffer.TYPE_BYTE) {
        return inks(raster);
      }
    }
    return managed(image);
  }

  /** Bands of 8 bits: grey, grey and alpha, RGB, RGB and alpha. */
  private static RgbImage replicate(Raster raster) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int bands = raster.getNumBands();
    int green = bands < 3 ? 0 : 1;
    int blue = bands < 3 ? 0 : 2;
    byte[] rgb = allocate(width, height);
    if (raster.getSampleModel() instanceof ComponentSampleModel model
        && raster.getDataBuffer() instanceof DataBufferByte buffer
        && buffer.getNumBanks() == 1) {
      byte[] data = buffer.getData();
      int step = model.getPixelStride();
      int[] band = model.getBandOffsets();
      int origin =
          buffer.getOffset()
              + (raster.getMinY() - raster.getSampleModelTranslateY()) * model.getScanlineStride()
              + (raster.getMinX() - raster.getSampleModelTranslateX()) * step;
      for (int y = 0, out = 0; y < height; y++) {
        int row = origin + y * model.getScanlineStride();
        int r = row + band[0];
        int g = row + band[green];
        int b = row + band[blue];
        for (int x = 0; x < width; x++, out += 3, r += step, g += step, b += step) {
          rgb[out] = data[r];
          rgb[out + 1] = data[g];
          rgb[out + 2] = data[b];
        }
      }
      return new RgbImage(width, height, rgb);
    }
    int[] row = new int[width * bands];
    for (int y = 0, out = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < row.length; x += bands, out += 3) {
        rgb[out] = (byte) row[x];
        rgb[out + 1] = (byte) row[x + green];
        rgb[out + 2] = (byte) row[x + blue];
      }
    }
    return new RgbImage(width, height, rgb);
  }

  /**
   * Bands of 16 bits. Grey alone is {@code round(v / 257)}; the others keep the high byte, as
   * Pillow does.
   */
  private static RgbImage narrow(Raster raster) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int green = bands < 3 ? 0 : 1;
    int blue = bands < 3 ? 0 : 2;
    byte[] rgb = allocate(width, raster.getHeight());
    int[] row = new int[width * bands];
    for (int y = 0, out = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < row.length; x += bands, out += 3) {
        if (bands == 1) {
          byte grey = (byte) ((row[x] + 128) / 257);
          rgb[out] = grey;
          rgb[out + 1] = grey;
          rgb[out + 2] = grey;
        } else {
          rgb[out] = (byte) (row[x] >> 8);
          rgb[out + 1] = (byte) (row[x + green] >> 8);
          rgb[out + 2] = (byte) (row[x + blue] >> 8);
        }
      }
    }
    return new RgbImage(width, raster.getHeight(), rgb);
  }

  /** Cyan, magenta, yellow and black; further bands are ignored. */
  private static RgbImage inks(Raster raster) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    byte[] rgb = allocate(width, raster.getHeight());
    int[] row = new int[width * bands];
    for (int y = 0, out = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < row.length; x += bands) {
        for (int c = 0; c < 3; c++) {
          rgb[out++] = ink(row[x + c], row[x + 3]);
        }
      }
    }
    return new RgbImage(width, raster.getHeight(), rgb);
  }

  /**
   * Red from cyan and black, or green from magenta, or blue from yellow: {@code (255 − k) − round(c
   * · (255 − k) / 255)}, as Pillow converts CMYK.
   */
  static byte ink(int color, int black) {
    int light = 255 - black;
    int product = color * light + 128;
    return (byte) Math.max(light - ((product >> 8) + product >> 8), 0);
  }

  private static RgbImage lookUp(Raster raster, IndexColorModel palette) {
    int size = Math.max(palette.getMapSize(), 1 << palette.getPixelSize());
    byte[] red = new byte[size];
    byte[] green = new byte[size];
    byte[] blue = new byte[size];
    palette.getReds(red);
    palette.getGreens(green);
    palette.getBlues(blue);
    return lookUp(raster, red, green, blue);
  }

  /** The arrays hold a colour for every index that occurs. */
  static RgbImage lookUp(Raster raster, byte[] red, byte[] green, byte[] blue) {
    int width = raster.getWidth();
    byte[] rgb = allocate(width, raster.getHeight());
    int[] row = new int[width];
    for (int y = 0, out = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int x = 0; x < width; x++, out += 3) {
        rgb[out] = red[row[x]];
        rgb[out + 1] = green[row[x]];
        rgb[out + 2] = blue[row[x]];
      }
    }
    return new RgbImage(width, raster.getHeight(), rgb);
  }

  /** Bit fields in one word; n bits become {@code v · 255 / (2^n − 1)}, truncated as in Pillow. */
  private static RgbImage unpack(Raster raster, DirectColorModel model) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    byte[] rgb = allocate(width, raster.getHeight());
    int[] row = new int[width * bands];
    int redMax = largest(model.getRedMask());
    int greenMax = largest(model.getGreenMask());
    int blueMax = largest(model.getBlueMask());
    for (int y = 0, out = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < row.length; x += bands, out += 3) {
        rgb[out] = (byte) (row[x] * 255 / redMax);
        rgb[out + 1] = (byte) (row[x + 1] * 255 / greenMax);
        rgb[out + 2] = (byte) (row[x + 2] * 255 / blueMax);
      }
    }
    return new RgbImage(width, raster.getHeight(), rgb);
  }

  /** The largest value of a bit field; of an empty one 1, so that it divides. */
  private static int largest(int mask) {
    return mask == 0 ? 1 : (1 << Integer.bitCount(mask)) - 1;
  }

  /** Whatever else AWT can express: premultiplied alpha, floats, other colour spaces. */
  private static RgbImage managed(BufferedImage image) {
    int width = image.getWidth();
    byte[] rgb = allocate(width, image.getHeight());
    int[] row = new int[width];
    for (int y = 0, out = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++, out += 3) {
        rgb[out] = (byte) (row[x] >> 16);
        rgb[out + 1] = (byte) (row[x] >> 8);
        rgb[out + 2] = (byte) row[x];
      }
    }
    return new RgbImage(width, image.getHeight(), rgb);
  }

  static byte[] allocate(int width, int height) {
    return new byte[Math.toIntExact(3L * width * height)];
  }
}
