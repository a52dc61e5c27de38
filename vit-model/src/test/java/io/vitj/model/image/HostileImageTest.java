package io.vitj.model.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Damaged files end in a picture or in one line about them, never in anything else. */
class HostileImageTest {
  private static final int TRIES = 60;
  private static final DecodeLimits LIMITS = new DecodeLimits(1_000_000);

  @TestFactory
  Stream<DynamicTest> damaged() throws IOException {
    Path images = Goldens.folders().getFirst().resolve("images");
    try (Stream<Path> files = Files.list(images)) {
      return files
          .sorted()
          .map(
              file ->
                  DynamicTest.dynamicTest(
                      file.getFileName().toString(), () -> damage(Files.readAllBytes(file))))
          .toList()
          .stream();
    }
  }

  private static void damage(byte[] data) {
    Random random = new Random(data.length);
    for (int i = 0; i < TRIES; i++) {
      decode(Arrays.copyOf(data, i < 20 ? Math.min(i, data.length) : random.nextInt(data.length)));
      byte[] changed = data.clone();
      // Half of the changes hit what precedes the pixels.
      int range = random.nextBoolean() ? Math.min(data.length, 200) : data.length;
      for (int k = random.nextInt(8); k >= 0; k--) {
        changed[random.nextInt(range)] = (byte) random.nextInt(256);
      }
      decode(changed);
    }
  }

  private static void decode(byte[] data) {
    try {
      RgbImage image = ImageDecoder.decode(data, "hostile", LIMITS, Orientation.UPRIGHT);
      assertThat(image.pixels()).hasSize(3 * image.width() * image.height());
    } catch (ModelException e) {
      assertThat(e.getMessage()).startsWith("hostile: ").doesNotContain("\n");
    }
  }
}
