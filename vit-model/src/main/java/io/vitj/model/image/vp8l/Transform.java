package io.vitj.model.image.vp8l;

/**
 * What an encoder did to a picture to make it smaller, to be undone. Pixels are ARGB from the
 * highest byte on; arithmetic on samples is modulo 256.
 *
 * <p>Source: RFC 9649 section 4.
 */
sealed interface Transform {
  /** Turns transformed pixels into the original ones, in place where the size stays. */
  int[] invert(int[] pixels);

  /** Each sample is the difference to a prediction; blocks of {@code 2^bits} have a mode each. */
  @SuppressWarnings("ArrayRecordComponent") // a value of the decoder, never compared
  record Prediction(int width, int bits, int[] modes) implements Transform {
    @Override
    public int[] invert(int[] pixels) {
      int columns = PixelReader.blocks(width, bits);
      for (int i = 0, x = 0, y = 0; i < pixels.length; i++) {
        int prediction;
        if (y == 0) {
          prediction = x == 0 ? Predictors.BLACK : pixels[i - 1];
        } else if (x == 0) {
          prediction = pixels[i - width];
        } else {
          int mode = modes[(y >> bits) * columns + (x >> bits)] >> 8 & 0xf;
          prediction = Predictors.predict(mode, pixels, i, width);
        }
        pixels[i] = Predictors.add(pixels[i], prediction);
        x++;
        if (x == width) {
          x = 0;
          y++;
        }
      }
      return pixels;
    }
  }

  /** Red and blue are less multiples of green, and blue of red; blocks have factors each. */
  @SuppressWarnings("ArrayRecordComponent") // a value of the decoder, never compared
  record CrossColor(int width, int bits, int[] factors) implements Transform {
    @Override
    public int[] invert(int[] pixels) {
      int columns = PixelReader.blocks(width, bits);
      for (int i = 0, x = 0, y = 0; i < pixels.length; i++) {
        int factor = factors[(y >> bits) * columns + (x >> bits)];
        int pixel = pixels[i];
        int green = pixel >> 8;
        int red = (pixel >> 16) + product(factor, green);
        int blue = pixel + product(factor >> 8, green) + product(factor >> 16, red);
        pixels[i] = pixel & 0xff00ff00 | (red & 0xff) << 16 | blue & 0xff;
        x++;
        if (x == width) {
          x = 0;
          y++;
        }
      }
      return pixels;
    }

    /** Of the low bytes as signed 3.5 fixed point and integer. */
    private static int product(int factor, int sample) {
      return (byte) factor * (byte) sample >> 5;
    }
  }

  /** Red and blue are less green. */
  record SubtractGreen() implements Transform {
    @Override
    public int[] invert(int[] pixels) {
      for (int i = 0; i < pixels.length; i++) {
        int green = pixels[i] >> 8 & 0xff;
        int others = (pixels[i] & 0x00ff00ff) + (green << 16 | green);
        pixels[i] = pixels[i] & 0xff00ff00 | others & 0x00ff00ff;
      }
      return pixels;
    }
  }

  /** Green is an index of colours; {@code 2^bits} indices share a pixel. */
  @SuppressWarnings("ArrayRecordComponent") // a value of the decoder, never compared
  record ColorIndexing(int width, int height, int bits, int[] colors) implements Transform {
    @Override
    public int[] invert(int[] pixels) {
      int packedWidth = PixelReader.blocks(width, bits);
      int indexBits = 8 >> bits;
      int pixelMask = (1 << bits) - 1;
      int[] result = new int[width * height];
      for (int y = 0, i = 0; y < height; y++) {
        for (int x = 0; x < width; x++, i++) {
          int packed = pixels[y * packedWidth + (x >> bits)] >> 8 & 0xff;
          int index = packed >> (x & pixelMask) * indexBits & (1 << indexBits) - 1;
          result[i] = index < colors.length ? colors[index] : 0;
        }
      }
      return result;
    }
  }
}
