package io.vitj.model.image;

import java.io.IOException;
import javax.imageio.ImageReader;

/** The first page of a TIFF by the JDK's reader, turned as its orientation tag says. */
final class TiffDecoder {
  private TiffDecoder() {}

  static RgbImage decode(byte[] data, DecodeLimits limits) throws IOException {
    ImageReader reader = JdkReaders.open("tiff", data);
    try {
      limits.check(reader.getWidth(0), reader.getHeight(0));
      RgbImage image = RasterConverter.toRgb(reader.read(0));
      return Orientation.apply(image, Orientation.read(data, 0, data.length));
    } finally {
      reader.dispose();
    }
  }
}
