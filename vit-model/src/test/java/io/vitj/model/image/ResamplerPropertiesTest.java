package io.vitj.model.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds for every picture, size and filter. */
class ResamplerPropertiesTest {
  @Property
  void aPlainPictureStaysPlain(
      @ForAll Filter filter,
      @ForAll byte level,
      @ForAll @IntRange(min = 1, max = 60) int width,
      @ForAll @IntRange(min = 1, max = 60) int height,
      @ForAll @IntRange(min = 1, max = 60) int newWidth,
      @ForAll @IntRange(min = 1, max = 60) int newHeight) {
    byte[] pixels = new byte[3 * width * height];
    Arrays.fill(pixels, level);
    RgbImage result =
        Resampler.resize(new RgbImage(width, height, pixels), newWidth, newHeight, filter);
    assertThat(result.pixels()).hasSize(3 * newWidth * newHeight).containsOnly(level);
  }

  @Property
  void theOwnSizeChangesNothing(
      @ForAll Filter filter,
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll long seed) {
    RgbImage image = random(width, height, seed);
    assertThat(Resampler.resize(image, width, height, filter).pixels()).isEqualTo(image.pixels());
  }

  @Property
  void aPartEqualsThatPartOfTheWhole(
      @ForAll Filter filter,
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 500) int height,
      @ForAll @IntRange(min = 1, max = 50) int newWidth,
      @ForAll @IntRange(min = 1, max = 50) int newHeight,
      @ForAll long seed) {
    RgbImage image = random(width, height, seed);
    Random random = new Random(seed);
    int left = random.nextInt(newWidth);
    int top = random.nextInt(newHeight);
    int columns = 1 + random.nextInt(newWidth - left);
    int rows = 1 + random.nextInt(newHeight - top);
    RgbImage part = Resampler.resize(image, newWidth, newHeight, filter, left, top, columns, rows);
    byte[] whole = Resampler.resize(image, newWidth, newHeight, filter).pixels();
    for (int y = 0; y < rows; y++) {
      int from = 3 * ((top + y) * newWidth + left);
      assertThat(Arrays.copyOfRange(part.pixels(), 3 * columns * y, 3 * columns * (y + 1)))
          .isEqualTo(Arrays.copyOfRange(whole, from, from + 3 * columns));
    }
  }

  /** Rows are resampled first but the channels and rows stay apart: no pixel leaks sideways. */
  @Property
  void channelsDoNotMix(
      @ForAll Filter filter,
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(min = 1, max = 40) int newWidth,
      @ForAll long seed) {
    RgbImage image = random(width, 3, seed);
    for (int i = 1; i < image.pixels().length; i += 3) {
      image.pixels()[i] = 77;
    }
    byte[] result = Resampler.resize(image, newWidth, 2, filter).pixels();
    for (int i = 1; i < result.length; i += 3) {
      assertThat(result[i]).isEqualTo((byte) 77);
    }
  }

  private static RgbImage random(int width, int height, long seed) {
    byte[] pixels = new byte[3 * width * height];
    new Random(seed).nextBytes(pixels);
    return new RgbImage(width, height, pixels);
  }
}
