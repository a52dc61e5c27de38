package io.vitj.model.draw;

import io.vitj.model.checkpoint.OutputFile;
import io.vitj.model.image.RgbImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes pictures as PNG files, which appear only when they are complete. */
public final class PngFile {
  private PngFile() {}

  /**
   * Writes a picture.
   *
   * @param image the picture
   * @param path the file to make or to replace
   * @throws io.vitj.model.ModelException if it cannot be written; an old file is then still there
   */
  public static void write(RgbImage image, Path path) {
    try (OutputFile file = new OutputFile(path)) {
      OutputStream bytes = Channels.newOutputStream(file.channel());
      try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
        ImageIO.write(image.toBufferedImage(), "png", out);
      } catch (IOException e) {
        throw file.failed(e);
      }
      file.commit();
    }
  }
}
