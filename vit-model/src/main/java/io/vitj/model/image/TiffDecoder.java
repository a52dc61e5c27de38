package io.vitj.model.image;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.io.IOException;
import javax.imageio.ImageReader;

/**
 * The first page of a TIFF, turned as its orientation tag says, by TwelveMonkeys: the JDK's reader
 * mistakes CMYK for RGB and knows no BigTIFF.
 */
final class TiffDecoder {
  private TiffDecoder() {}

  static RgbImage decode(byte[] data, DecodeLimits limits) throws IOException {
    ImageReader reader = new TIFFImageReaderSpi().createReaderInstance(null);
    try {
      reader.setInput(new MemoryInput(data), true, true);
      limits.check(reader.getWidth(0), reader.getHeight(0));
      BufferedImage page = reader.read(0);
      int samples = page.getRaster().getTransferType();
      if (samples != DataBuffer.TYPE_BYTE && samples != DataBuffer.TYPE_USHORT) {
        throw new UnreadableImageException(
            "TIFF of 32-bit or floating-point samples is not supported; save it with 8 or 16 bits");
      }
      return Orientation.apply(RasterConverter.toRgb(page), Orientation.read(data, 0, data.length));
    } finally {
      reader.dispose();
    }
  }
}
