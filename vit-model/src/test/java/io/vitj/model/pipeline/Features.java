package io.vitj.model.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.image.DecodeLimits;
import io.vitj.model.image.ImageDecoder;
import io.vitj.model.image.RgbImage;
import java.lang.foreign.Arena;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** A photo and what timm and numpy make of it; {@code make_features.py} beside them makes them. */
final class Features {
  /**
   * A tensor may differ by this much of its largest value: the bar of the project's golden cases.
   */
  private static final double TOLERANCE = 5e-5;

  private Features() {}

  private static Path file(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(Features.class.getResource("/features/" + name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static Path photoFile() {
    return file("photo.png");
  }

  static RgbImage photo() {
    return ImageDecoder.decode(photoFile(), DecodeLimits.DEFAULT);
  }

  /** What the reference has for a model. */
  static float[] expected(String model, String tensor) {
    try (Arena arena = Arena.ofConfined();
        CheckpointFile file = CheckpointFile.open(file(model + ".safetensors"))) {
      return file.read(tensor, arena).toFloats();
    }
  }

  static void assertClose(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double magnitude = 0;
    for (float value : expected) {
      magnitude = Math.max(magnitude, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs((double) actual[i] - expected[i]))
          .as("value %d: %s, expected %s", i, actual[i], expected[i])
          .isLessThanOrEqualTo(TOLERANCE * magnitude);
    }
  }
}
