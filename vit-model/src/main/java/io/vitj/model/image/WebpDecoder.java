package io.vitj.model.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.io.IOException;
import javax.imageio.ImageReader;

/** TEMP. */
final class WebpDecoder {
  private WebpDecoder() {}

  static RgbImage decode(byte[] data, DecodeLimits limits, Orientation orientation)
      throws IOException {
    ImageReader reader = new WebPImageReaderSpi().createReaderInstance(null);
    try {
      reader.setInput(new ByteArrayImageInputStream(data), true, true);
      limits.check(reader.getWidth(0), reader.getHeight(0));
      return RasterConverter.toRgb(reader.read(0));
    } finally {
      reader.dispose();
    }
  }
}
