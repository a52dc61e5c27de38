package io.vitj.model.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Resizing and preprocessing give the reference's result to the last bit. */
class GoldenTest {
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
            : Preprocess.huggingFace(
                golden.path("preprocessor_config"),
                golden.path("model_type").textValue(),
                "golden");
    float[] actual = preprocess.apply(Goldens.image(file, golden.path("image").textValue()));
    Path values =
        file.resolveSibling(file.getFileName().toString().replace(".json", ".safetensors"));
    float[] expected = new float[actual.length];
    ByteBuffer bytes = Goldens.tensor(values, "pixel_values");
    assertThat(bytes.remaining()).isEqualTo(4 * actual.length);
    bytes.asFloatBuffer().get(expected);
    assertThat(actual).isEqualTo(expected);
  }

  private static String name(Path file) {
    return file.getParent().getParent().getFileName() + "/" + file.getFileName();
  }
}
