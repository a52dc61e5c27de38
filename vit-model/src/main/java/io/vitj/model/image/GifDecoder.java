package io.vitj.model.image;

import java.io.IOException;
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
    int local = paletteBytes(reader.u8(at + 9));
    byte[][] palette =
        local > 0 ? palette(reader, at + 10, local) : palette(reader, HEADER, globalPalette);
    RgbImage frame = frame(data, palette);
    if (width == frameWidth && height == frameHeight) {
      return frame;
    }
    int background = Math.max(transparent, 0);
    byte[] color = {palette[0][background], palette[1][background], palette[2][background]};
    return frame.placed(width, height, left, top, color);
  }

  /** Red, green and blue of 256 indices; a picture without a palette is grey. */
  private static byte[][] palette(ByteReader reader, int at, int bytes) {
    byte[][] palette = new byte[3][256];
    for (int i = 0; i < 256; i++) {
      for (int c = 0; c < 3; c++) {
        palette[c][i] = (byte) (bytes == 0 ? i : 3 * i < bytes ? reader.u8(at + 3 * i + c) : 0);
      }
    }
    return palette;
  }

  private static int paletteBytes(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  private static RgbImage frame(byte[] data, byte[][] palette) throws IOException {
    ImageReader reader = JdkReaders.open("gif", new MemoryInput(data));
    try {
      return RasterConverter.lookUp(reader.read(0).getRaster(), palette[0], palette[1], palette[2]);
    } finally {
      reader.dispose();
    }
  }
}
