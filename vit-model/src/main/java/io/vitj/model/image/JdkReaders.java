package io.vitj.model.image;

import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/**
 * The readers of the JDK itself, whatever else an application has registered with ImageIO, over
 * bytes in memory: ImageIO's cache files are never involved.
 */
final class JdkReaders {
  private JdkReaders() {}

  static ImageReader open(String format, MemoryInput input) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (reader.getClass().getModule() == ImageIO.class.getModule()) {
        reader.setInput(input, true, true);
        return reader;
      }
      reader.dispose();
    }
    throw new UnreadableImageException(
        "this Java runtime has no %s reader; use one with the module java.desktop"
            .formatted(format));
  }
}
