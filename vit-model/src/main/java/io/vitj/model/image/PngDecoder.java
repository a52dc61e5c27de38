package io.vitj.model.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageReader;

/**
 * PNG by the JDK's reader, which is given only the chunks that make the picture: it refuses some
 * damaged or oversized metadata that does not matter here.
 */
final class PngDecoder {
  private static final int SIGNATURE = 8;
  private static final int CHUNK_OVERHEAD = 12;

  private PngDecoder() {}

  static RgbImage decode(byte[] data, DecodeLimits limits, Orientation orientation)
      throws IOException {
    ByteReader reader = new ByteReader(data);
    if (!reader.is(SIGNATURE + 4, "IHDR") || !reader.has(SIGNATURE, CHUNK_OVERHEAD + 13)) {
      throw new UnreadableImageException("the PNG header is cut short or damaged");
    }
    limits.check(reader.u32(SIGNATURE + 8), reader.u32(SIGNATURE + 12));
    ByteArrayOutputStream picture = new ByteArrayOutputStream(data.length);
    picture.write(data, 0, SIGNATURE);
    int turn = Orientation.NORMAL;
    boolean ended = false;
    for (long at = SIGNATURE; !ended && reader.has(at, 8); ) {
      long length = reader.u32(at);
      if (!reader.has(at, CHUNK_OVERHEAD + length)) {
        throw new UnreadableImageException(
            "the PNG data is cut short; fetch or save the picture again");
      }
      if (reader.is(at + 4, "eXIf")) {
        turn = Orientation.read(data, (int) at + 8, (int) length);
      }
      ended = reader.is(at + 4, "IEND");
      boolean needed =
          ended
              || reader.is(at + 4, "IHDR")
              || reader.is(at + 4, "PLTE")
              || reader.is(at + 4, "tRNS")
              || reader.is(at + 4, "IDAT");
      if (needed) {
        picture.write(data, (int) at, (int) (CHUNK_OVERHEAD + length));
      }
      at += CHUNK_OVERHEAD + length;
    }
    ImageReader png = JdkReaders.open("png", new MemoryInput(picture.toByteArray()));
    try {
      RgbImage image = RasterConverter.toRgb(png.read(0));
      return orientation == Orientation.UPRIGHT ? Orientation.apply(image, turn) : image;
    } finally {
      png.dispose();
    }
  }
}
