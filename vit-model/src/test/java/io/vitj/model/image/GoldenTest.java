package io.vitj.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Decoding, resizing and preprocessing give the reference's result to the last bit. */
class GoldenTest {
  /** What the issue of decoding allows: the JDK may be built with another libjpeg. */
  private static final int JPEG_TOLERANCE = 3;

  @TestFactory
  Stream<DynamicTest> decode() {
    return Goldens.files("decoded", ".png").stream()
        .map(file -> DynamicTest.dynamicTest(name(file), () -> checkDecode(file)));
  }

  private static void checkDecode(Path golden) throws IOException {
    String name = golden.getFileName().toString().replaceFirst("_([a-z]+)\\.png$", ".$1");
    RgbImage image = Goldens.image(golden, name);
    BufferedImage expected = ImageIO.read(golden.toFile());
    assertThat(image.toString())
        .isEqualTo(expected.getWidth() + "×" + expected.getHeight() + " RGB");
    int tolerance = name.endsWith(".jpg") ? JPEG_TOLERANCE : 0;
    for (int y = 0, i = 0; y < image.height(); y++) {
      for (int x = 0; x < image.width(); x++) {
        int rgb = expected.getRGB(x, y);
        for (int shift = 16; shift >= 0; shift -= 8, i++) {
          int difference = Math.abs((rgb >> shift & 0xff) - (image.pixels()[i] & 0xff));
          assertThat(difference).as("at (%d, %d)", x, y).isLessThanOrEqualTo(tolerance);
        }
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> resize() {
    return Goldens.files("resize", ".safetensors").stream()
        .map(file -> DynamicTest.dynamicTest(name(file), () -> checkResize(file)));
  }

  private static void checkResize(Path file) {
    JsonNode metadata = Goldens.header(file).path("__metadata__");
    RgbImage result =
        Resampler.resize(
            Goldens.image(file, metadata.path("image").textValue()),
            Integer.parseInt(metadata.path("width").textValue()),
            Integer.parseInt(metadata.path("height").textValue()),
            Filter.ofName(metadata.path("filter").textValue()).orElseThrow());
    ByteBuffer expected = Goldens.tensor(file, "resized");
    assertThat(ByteBuffer.wrap(result.pixels())).isEqualTo(expected);
  }

  @TestFactory
  Stream<DynamicTest> pipeline() {
    return Goldens.files("pipeline", ".json").stream()
        .map(file -> DynamicTest.dynamicTest(name(file), () -> checkPipeline(file)));
  }

  private static void checkPipeline(Path file) {
    JsonNode golden = Goldens.json(file);
    JsonNode timm = golden.path("pretrained_cfg");
    JsonNode size = timm.path("input_size");
    Preprocess preprocess =
        timm.isObject()
            ? Preprocess.timm(timm, size.path(1).intValue(), size.path(2).intValue(), "golden")
            : Preprocess.huggingFace(golden.path("preprocessor_config"), null, "golden");
    float[] actual = preprocess.apply(Goldens.image(file, golden.path("image").textValue()));
    Path values =
        file.resolveSibling(file.getFileName().toString().replace(".json", ".safetensors"));
    ByteBuffer bytes = Goldens.tensor(values, "pixel_values");
    float[] expected = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(expected);
    if (file.getFileName().toString().startsWith("dinov3")) {
      // Floats between 0 and 1 are resized in two sums of up to 16 products and divided by 0.224:
      // (2·√16 + 3)·2⁻²⁴/0.224, twice, since PyTorch fuses other roundings.
      assertThat(actual).containsExactly(expected, within(6e-6f));
    } else {
      assertThat(actual).isEqualTo(expected);
    }
  }

  private static String name(Path file) {
    return file.getParent().getParent().getFileName() + "/" + file.getFileName();
  }
}
