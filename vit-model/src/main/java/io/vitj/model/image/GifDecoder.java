package io.vitj.model.image;

import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageReader;

/**
 * The first frame of a GIF on its canvas, as Pillow shows it: a canvas larger than the frame is
 * filled with colour 0 or, if the frame has one, the transparent colour; a frame that leaves the
 * canvas enlarges it.
 */
final class GifDecoder {
  private static final int HEADER = 13;
  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2c;
  private static final int GRAPHIC_CONTROL = 0xf9;

  private GifDecoder() {}

  static RgbImage decode(byte[] data, DecodeLimits limits) throws IOException {
    ByteReader reader = new ByteReader(data).littleEndian();
    int globalPalette = paletteBytes(reader.u8(10));
    int transparent = -1;
    int at = HEADER + globalPalette;
    while (reader.u8(at) != IMAGE) {
      if (reader.u8(at) != EXTENSION) {
        throw new UnreadableImageException("the GIF data is damaged or holds no picture");
      }
      if (reader.u8(at + 1) == GRAPHIC_CONTROL && (reader.u8(at + 3) & 1) != 0) {
        transparent = reader.u8(at + 6);
      }
      at += 2;
      while (reader.u8(at) != 0) {
        at += 1 + reader.u8(at);
      }
      at++;
    }
    int left = reader.u16(at + 1);
    int top = reader.u16(at + 3);
    int frameWidth = reader.u16(at + 5);
    int frameHeight = reader.u16(at + 7);
    int width = Math.max(reader.u16(6), left + frameWidth);
    int height = Math.max(reader.u16(8), top + frameHeight);
    limits.check(width, height);
    limits.check(frameWidth, frameHeight);
    int palette = paletteBytes(reader.u8(at + 9)) > 0 ? at + 10 : HEADER;
    RgbImage frame = frame(data);
    if (width == frameWidth && height == frameHeight) {
      return frame;
    }
    byte[] canvas = RasterConverter.allocate(width, height);
    fill(canvas, data, palette + 3 * Math.max(transparent, 0));
    for (int y = 0; y < frameHeight; y++) {
      System.arraycopy(
          frame.pixels(),
          3 * y * frameWidth,
          canvas,
          3 * ((top + y) * width + left),
          3 * frameWidth);
    }
    return new RgbImage(width, height, canvas);
  }

  private static int paletteBytes(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  private static RgbImage frame(byte[] data) throws IOException {
    ImageReader reader = JdkReaders.open("gif", data);
    try {
      return RasterConverter.toRgb(reader.read(0));
    } finally {
      reader.dispose();
    }
  }

  private static void fill(byte[] canvas, byte[] data, int color) {
    byte[] rgb = Arrays.copyOfRange(data, color, color + 3);
    for (int i = 0; i < canvas.length; i++) {
      canvas[i] = rgb[i % 3];
    }
  }
}
