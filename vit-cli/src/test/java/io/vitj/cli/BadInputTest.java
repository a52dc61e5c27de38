package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.model.checkpoint.SafetensorsWriter;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is wrong with the input, the person reads one line, and nothing half-written remains.
 */
class BadInputTest {
  private static final Path IMAGE = Fixtures.sample("bag.png");

  @TempDir private Path folder;

  private static void assertFailed(Run run, Object... mentions) {
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.complaint()).startsWith("vit: ").doesNotContain("Exception");
    for (Object mention : mentions) {
      assertThat(run.complaint()).containsIgnoringCase(mention.toString());
    }
  }

  private static Run classify(Path model) {
    return Run.vit("classify", "--model", model, IMAGE);
  }

  @Test
  void aModelThatIsNotThere() throws IOException {
    Path missing = folder.resolve("missing");
    assertFailed(classify(missing), missing, "no such");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertFailed(classify(empty), empty, "config.json");
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertFailed(classify(file), file);
    Path weightless = Fixtures.model(folder.resolve("weightless"));
    Files.delete(weightless.resolve("model.safetensors"));
    assertFailed(classify(weightless), weightless, "model.safetensors");
  }

  @Test
  void truncatedWeights() {
    byte[] weights = Fixtures.bundledWeights();
    for (int length : new int[] {0, 5, 8, 1000, weights.length - 4}) {
      Path model = folder.resolve("truncated-" + length);
      Fixtures.modelWithWeights(model, Arrays.copyOf(weights, length));
      assertFailed(classify(model), model.resolve("model.safetensors"));
    }
  }

  @Test
  void lyingHeaders() {
    assertLie("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,16]}}", "a");
    assertLie("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", "a");
    assertLie("{\"a\":{\"dtype\":\"F99\",\"shape\":[2],\"data_offsets\":[0,8]}}", "F99");
    assertLie(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}}",
        "a");
    assertLie(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
        "b");
    assertLie("{\"a\":", "JSON");
  }

  private int lies;

  private void assertLie(String header, String mention) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + json.length + 12).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json);
    Path model = folder.resolve("lie-" + lies++);
    Fixtures.modelWithWeights(model, file.array());
    assertFailed(classify(model), model.resolve("model.safetensors"), mention);
  }

  @Test
  void aHeaderLongerThanTheFile() {
    ByteBuffer file = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(1L << 40);
    Path model = Fixtures.modelWithWeights(folder.resolve("long"), file.array());
    assertFailed(classify(model), model.resolve("model.safetensors"));
  }

  @Test
  void anUnknownModelType() {
    Path model =
        Fixtures.modelWithConfig(folder.resolve("m"), json -> json.put("model_type", "resnet"));
    assertFailed(classify(model), model.resolve("config.json"), "resnet");
  }

  @Test
  void aConfigThatIsNoJson() throws IOException {
    Path config = Fixtures.model(folder.resolve("m")).resolve("config.json");
    Files.writeString(config, "{ \"model_type\": ");
    assertFailed(classify(config.getParent()), config);
  }

  @Test
  void aConfigThatContradictsTheWeights() {
    Path deeper =
        Fixtures.modelWithConfig(folder.resolve("a"), json -> json.put("num_hidden_layers", 7));
    assertFailed(classify(deeper), deeper, "layer.6");
    Path wider =
        Fixtures.modelWithConfig(folder.resolve("b"), json -> json.put("intermediate_size", 200));
    assertFailed(classify(wider), "200", "192");
  }

  @Test
  void imagesThatCannotBeDecoded() throws IOException {
    Path empty = Files.write(folder.resolve("empty.jpg"), new byte[0]);
    assertFailed(Run.vit("classify", empty), empty, "0 bytes");
    Path text = Files.writeString(folder.resolve("text.png"), "this is no image");
    assertFailed(Run.vit("classify", text), text);
    byte[] half = Fixtures.bytes(IMAGE);
    Path cut = Files.write(folder.resolve("cut.png"), Arrays.copyOf(half, half.length / 2));
    assertFailed(Run.vit("classify", cut), cut);
    Run stdin = Run.with(false, new byte[0], "classify", "-");
    assertFailed(stdin, "-:", "0 bytes");
  }

  @Test
  void anImageBomb() throws IOException {
    Path bomb = Files.write(folder.resolve("bomb.png"), Fixtures.pngBomb(100_000, 100_000));
    assertFailed(Run.vit("classify", bomb), bomb, "100000", "limit");
    assertFailed(Run.vit("classify", "--max-pixels", 783, IMAGE), IMAGE, "28", "783");
    assertThat(Run.vit("classify", "--max-pixels", 784, IMAGE).code()).isZero();
  }

  @Test
  void pixelValuesThatTheModelCannotTake() {
    Path output = folder.resolve("out.safetensors");
    assertFailed(trace(pixels("nan", Float.NaN, 1, 3, 28, 28), output), "NaN");
    assertFailed(trace(pixels("inf", Float.POSITIVE_INFINITY, 1, 3, 28, 28), output), "Infinity");
    assertFailed(trace(pixels("uneven", 0, 1, 3, 28, 25), output), "patch 4", "28 x 25");
    assertFailed(trace(pixels("flat", 0, 3, 28, 28), output), "(3, 28, 28)");
    assertFailed(trace(pixels("none", 0, 0, 3, 28, 28), output), "(0, 3, 28, 28)");
    assertThat(output).doesNotExist();
  }

  private static Run trace(Path input, Path output) {
    return Run.vit("trace", "--input", input, "--output", output);
  }

  private Path pixels(String name, float value, int... dims) {
    Path file = folder.resolve(name + ".safetensors");
    try (Arena arena = Arena.ofConfined()) {
      Shape shape = Shape.of(dims);
      float[] values = new float[(int) shape.elements()];
      Arrays.fill(values, value);
      new SafetensorsWriter().add("pixel_values", Tensor.of(arena, shape, values)).write(file);
    }
    return file;
  }

  @Test
  void anInputWithoutPixelValues() {
    Path output = folder.resolve("out.safetensors");
    Path weights = Fixtures.model(folder.resolve("m")).resolve("model.safetensors");
    assertFailed(trace(weights, output), weights, "pixel_values");
    assertFailed(trace(folder.resolve("missing.safetensors"), output), "missing.safetensors");
  }

  @Test
  void outputThatCannotBeWritten() throws IOException {
    Path nowhere = folder.resolve("nowhere/out.safetensors");
    Path file = Files.writeString(folder.resolve("file"), "x");
    Path input = pixels("input", 0, 1, 3, 28, 28);
    for (Path output : new Path[] {nowhere, file.resolve("out.safetensors"), folder}) {
      assertFailed(trace(input, output), output, "cannot be written");
      assertFailed(Run.vit("preprocess", "--output", output, IMAGE), output, "cannot be written");
    }
    assertFailed(Run.vit("embed", "--output", folder.resolve("nowhere/x.npy"), IMAGE), "nowhere");
    assertThat(folder.resolve("nowhere")).doesNotExist();
  }

  @Test
  void nothingIsWrittenWhenNothingCouldBeRead() {
    Path missing = folder.resolve("missing.png");
    for (String name : new String[] {"x.npy", "x.json", "x.safetensors"}) {
      assertFailed(Run.vit("embed", "--output", folder.resolve(name), missing), missing);
    }
    Path pixels = folder.resolve("pixels.safetensors");
    assertFailed(Run.vit("preprocess", "--output", pixels, missing), missing);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void numbersBelowOne() {
    for (String option : new String[] {"--batch", "--max-pixels", "--threads"}) {
      Run run = Run.vit("classify", option, 0, IMAGE);
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.complaint()).contains(option).contains("0 is below 1");
    }
  }

  @Test
  void anUnknownFormat() {
    Run run = Run.vit("classify", "--format", "xml", IMAGE);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.complaint()).contains("--format").contains("xml").contains("text, json, csv");
    assertThat(Run.vit("info", "--format", "csv").complaint()).contains("text, json");
  }
}
