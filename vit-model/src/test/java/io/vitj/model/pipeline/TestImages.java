package io.vitj.model.pipeline;

import io.vitj.model.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/** Seeded pictures. */
final class TestImages {
  private TestImages() {}

  /** Pictures of different sizes and pixels. */
  static List<RgbImage> random(int count, long seed) {
    Random random = new Random(seed);
    List<RgbImage> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int width = 20 + random.nextInt(30);
      int height = 20 + random.nextInt(30);
      byte[] pixels = new byte[3 * width * height];
      random.nextBytes(pixels);
      images.add(new RgbImage(width, height, pixels));
    }
    return images;
  }

  /** Writes a picture as PNG, which loses nothing. */
  static Path write(RgbImage image, Path file) {
    BufferedImage picture =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_3BYTE_BGR);
    picture.getRaster().setDataElements(0, 0, image.width(), image.height(), image.pixels());
    try {
      ImageIO.write(picture, "png", file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }
}
