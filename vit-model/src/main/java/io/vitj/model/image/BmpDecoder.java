package io.vitj.model.image;

import java.io.IOException;
import javax.imageio.ImageReader;

/** BMP by the JDK's reader. */
final class BmpDecoder {
  private BmpDecoder() {}

  static RgbImage decode(byte[] data, DecodeLimits limits) throws IOException {
    ImageReader reader = JdkReaders.open("bmp", new MemoryInput(data));
    try {
      limits.check(reader.getWidth(0), reader.getHeight(0));
      return RasterConverter.toRgb(reader.read(0));
    } finally {
      reader.dispose();
    }
  }
}
