package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertCommandTest {
  private static final Path MODEL = BundledModel.path();

  @TempDir private Path folder;

  private Run convert(Object... args) {
    Object[] line = Stream.concat(Stream.of("convert"), Stream.of(args)).toArray();
    return Run.vit(line);
  }

  private static void assertUsage(Run run, String... mentions) {
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.complaint()).contains(mentions);
  }

  private static void assertFailed(Run run, String... mentions) {
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.complaint()).contains(mentions).doesNotContain("Exception");
  }

  @Test
  void theEndingOfTheTargetNamesTheFormat() {
    Path onnx = folder.resolve("model.onnx");
    Run run = convert(MODEL, onnx);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo(onnx + System.lineSeparator());
    assertThat(graph(onnx)).contains("pixel_values").contains("logits").contains("batch");
  }

  private static String graph(Path onnx) {
    return new String(Fixtures.bytes(onnx), StandardCharsets.ISO_8859_1);
  }

  @Test
  void aFolderGetsSafetensorsThatClassifyAlike() {
    Path copy = folder.resolve("copy");
    Run run = convert(MODEL, copy, "--dtype", "f32");
    assertThat(run.code()).as(run.err()).isZero();
    Path bag = Fixtures.sample("bag.png");
    Run expected = Run.vit("classify", "--format", "csv", bag);
    assertThat(Run.vit("classify", "--format", "csv", "--model", copy, bag)).isEqualTo(expected);
    Path half = folder.resolve("half");
    assertThat(convert(copy, half, "--dtype", "BF16").code()).isZero();
    assertThat(Run.vit("info", "--model", half).out()).contains("tensors, BF16").contains("timm's");
  }

  @Test
  void everyVerbTakesAPackedFile() {
    Path packed = folder.resolve("model.vitj");
    assertThat(convert(MODEL, packed).code()).isZero();
    Path bag = Fixtures.sample("bag.png");
    for (String verb : new String[] {"classify", "embed"}) {
      assertThat(Run.vit(verb, "--format", "json", "--model", packed, bag))
          .isEqualTo(Run.vit(verb, "--format", "json", bag));
    }
    Run info = Run.vit("info", "--tensors", "--model", packed);
    assertThat(info.code()).as(info.err()).isZero();
    assertThat(info.out()).contains("blocks.5.mlp.fc2").contains("10: ");
    assertFailed(convert(packed, folder.resolve("back")), "model.vitj", "converted from");
    assertUsage(convert(MODEL, packed, "--dtype", "f16"), "--dtype", "vitj");
  }

  @Test
  void anOptionNamesItToo() throws IOException {
    Path file = folder.resolve("graph.v1");
    assertUsage(convert(MODEL, file), "graph.v1", "--to", "vit convert --help");
    assertThat(convert(MODEL, file, "--to", "onnx", "--batch", 1).code()).isZero();
    assertThat(graph(file)).doesNotContain("batch");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void theInputSizeCanBeAnother() {
    Path onnx = folder.resolve("model.onnx");
    assertThat(convert(MODEL, onnx, "--image-size", "56x28").code()).isZero();
    assertFailed(convert(MODEL, onnx, "--image-size", 30), "patch size", "30");
    assertUsage(convert(MODEL, onnx, "--image-size", "many"), "--image-size", "many");
    assertUsage(convert(MODEL, onnx, "--image-size", 0), "--image-size");
  }

  @Test
  void wrongUsageIsOneLine() {
    assertUsage(convert(MODEL), "TARGET");
    assertUsage(convert(MODEL, folder.resolve("model.tflite")), "model.tflite", ".onnx");
    assertUsage(convert(MODEL, folder.resolve("m.onnx"), "--batch", 0), "--batch", "below 1");
    assertUsage(convert(MODEL, folder.resolve("m.onnx"), "--to", "tflite"), "tflite", "onnx");
    assertUsage(convert(MODEL, folder.resolve("m.onnx"), "--dtype", "f16"), "--dtype", "onnx");
    assertUsage(convert(MODEL, folder.resolve("m"), "--batch", 2), "--batch", "safetensors");
    assertUsage(convert(MODEL, folder.resolve("m"), "--dtype", "f8"), "--dtype", "f8");
  }

  @Test
  void whatCannotBeReadOrWrittenIsOneLine() {
    assertFailed(convert(folder.resolve("none"), folder.resolve("m.onnx")), "none");
    Path nowhere = folder.resolve("missing/m.onnx");
    assertFailed(convert(MODEL, nowhere), nowhere.toString(), "no folder");
    assertThat(folder).isEmptyDirectory();
  }
}
