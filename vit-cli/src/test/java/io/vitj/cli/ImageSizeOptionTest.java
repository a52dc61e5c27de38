package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models at another input size than their own. */
class ImageSizeOptionTest {
  private static final Path BAG = Fixtures.sample("bag.png");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"40, 40, 40", "20x36, 20, 36"})
  void preprocessingAndTraceFollowIt(String size, int height, int width) {
    Path pixels = folder.resolve("pixels.safetensors");
    Path trace = folder.resolve("trace.safetensors");
    assertDone(Run.vit("preprocess", "--image-size", size, "--output", pixels, BAG));
    assertThat(Fixtures.shape(pixels, "pixel_values")).containsExactly(1, 3, height, width);
    assertDone(Run.vit("trace", "--input", pixels, "--output", trace));
    assertThat(Fixtures.shape(trace, "features")[1]).isEqualTo(1 + height / 4 * (width / 4));
  }

  @Test
  void otherSizesGiveOtherResults() {
    for (String verb : new String[] {"classify", "embed"}) {
      Run own = assertDone(Run.vit(verb, "--format", "json", BAG));
      Run same = assertDone(Run.vit(verb, "--format", "json", "--image-size", "28x28", BAG));
      Run other = assertDone(Run.vit(verb, "--format", "json", "--image-size", "36", BAG));
      assertThat(same.out()).isEqualTo(own.out());
      assertThat(other.out()).isNotEqualTo(own.out());
    }
    assertDone(Run.vit("bench", "--image-size", "8", "--warmup", 0, "--runs", 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "28x", "x28", "28X28", "-4", "28x28x28", "99999999"})
  void whatIsNoSizeIsWrongUsage(String size) {
    Run run = Run.vit("classify", "--image-size=" + size, BAG);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.complaint()).contains("--image-size").contains("'" + size + "' is no size");
  }

  @ParameterizedTest
  @ValueSource(strings = {"classify", "embed", "bench"})
  void sidesAreMultiplesOfThePatch(String verb) {
    Run run =
        verb.equals("bench")
            ? Run.vit(verb, "--image-size", "30")
            : Run.vit(verb, "--image-size", "30", BAG);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.complaint()).contains("patch 4, image 30 x 30");
  }

  private static Run assertDone(Run run) {
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }
}
