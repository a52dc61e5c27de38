package io.vitj.model.packed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.Fixtures;
import io.vitj.model.ModelBundle;
import io.vitj.model.ModelException;
import io.vitj.model.Trace;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.checkpoint.family.ModelDirectory;
import io.vitj.model.json.JsonFiles;
import io.vitj.tensor.DType;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.parallel.Parallel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PackedFileTest {
  private static final int JSON_AT = 32;

  @TempDir private Path folder;

  static List<String> cases() {
    return Fixtures.ALL;
  }

  private Path pack(String name) {
    return pack(name, DType.F32);
  }

  private Path pack(String name, DType dtype) {
    Path file = folder.resolve(name + dtype + ".vitj");
    try (ModelDirectory model = ModelDirectory.open(Fixtures.path(name))) {
      PackedFile.write(model, dtype, file);
    }
    return file;
  }

  private byte[] packed() {
    return bytes(pack("timm-vit"));
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theModelGivesTheSameBits(String name) {
    Path model = Fixtures.path(name);
    Path file = pack(name);
    assertThat(trace(file, model)).isEqualTo(trace(model, model));
    try (ModelBundle source = ModelBundle.load(model);
        ModelBundle packed = ModelBundle.load(file)) {
      assertThat(packed.model().config()).isEqualTo(source.model().config());
      assertThat(packed.labels()).isEqualTo(source.labels());
      assertThat(packed.architecture()).isEqualTo(source.architecture());
      assertThat(packed.family()).isEqualTo(source.family());
      assertThat(packed.preprocessing().json()).isEqualTo(source.preprocessing().json());
      assertThat(packed.preprocessing().kind()).isEqualTo(source.preprocessing().kind());
      assertThat(packed.preprocessing().modelType()).isEqualTo(source.preprocessing().modelType());
      assertThat(packed.directory()).isEqualTo(folder);
      assertThat(packed.tensors()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void soItDoesInHalfPrecision(String name) {
    Path model = Fixtures.path(name);
    Path file = pack(name, DType.BF16);
    Map<String, String> halves = trace(model, model, DType.BF16);
    assertThat(trace(file, model)).isEqualTo(halves).isNotEqualTo(trace(model, model));
    assertThat(bytes(file).length).isLessThan(bytes(pack(name)).length);
    assertThatThrownBy(() -> ModelBundle.load(file, null, DType.F32))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            file
                + ": its weights are packed as they are; convert the model again with --dtype f32");
  }

  private static Map<String, String> trace(Path model, Path golden) {
    return trace(model, golden, null);
  }

  private static Map<String, String> trace(Path model, Path golden, DType dtype) {
    Map<String, String> outputs = new LinkedHashMap<>();
    try (ModelBundle bundle = ModelBundle.load(model, null, dtype);
        CheckpointFile expected = CheckpointFile.open(golden.resolve("expected.safetensors"));
        Parallel parallel = Parallel.sequential();
        Arena arena = Arena.ofShared()) {
      Tensor pixels = expected.read("pixel_values", arena);
      Trace.of(bundle.model(), pixels, parallel, arena)
          .forEach((name, tensor) -> outputs.put(name, Arrays.toString(tensor.toFloats())));
    }
    return outputs;
  }

  @Test
  void everyPartStartsOnACacheLine() {
    byte[] file = packed();
    assertThat(json(file).path("parts")).isNotEmpty();
    json(file)
        .path("parts")
        .forEach(part -> assertThat(part.path("at").longValue() % Tensor.ALIGNMENT).isZero());
  }

  @Test
  void itSaysItsArchitectureItself() {
    Path file = pack("timm-vit");
    assertThatThrownBy(() -> ModelBundle.load(file, "vit_tiny_patch16_224", null))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("itself");
    assertThatThrownBy(() -> ModelDirectory.open(file))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("converted from");
    assertThatThrownBy(() -> ModelBundle.load(folder.resolve("none.vitj")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("none.vitj");
  }

  private ModelException refusal(byte[] content) {
    try {
      Path file = Files.write(folder.resolve("hostile.vitj"), content);
      ModelBundle.load(file).close();
      throw new AssertionError("a damaged file was loaded");
    } catch (ModelException e) {
      assertThat(e).hasMessageStartingWith(folder.resolve("hostile.vitj").toString());
      assertThat(e.getMessage()).doesNotContain("\n");
      return e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aTruncatedFileIsRefused() {
    byte[] file = packed();
    for (int length : new int[] {0, 1, 7, 8, 31, 32, 100, file.length / 2, file.length - 1}) {
      refusal(Arrays.copyOf(file, length));
    }
    assertThat(refusal(Arrays.copyOf(file, file.length - 1)))
        .hasMessageContaining(file.length + " bytes, and has " + (file.length - 1));
    assertThat(refusal(Arrays.copyOf(file, file.length + 64))).hasMessageContaining("bytes");
  }

  @Test
  void anyChangeOfTheHeaderIsNoticed() {
    byte[] file = packed();
    int end = JSON_AT + (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(16);
    Random random = new Random(3);
    for (int i = 0; i < 300; i++) {
      byte[] damaged = file.clone();
      damaged[i < end / 8 && i < 40 ? i : random.nextInt(end)] ^= (byte) (1 << random.nextInt(8));
      refusal(damaged);
    }
  }

  @Test
  void whatIsNoPackedModelOrOfAnotherVersionIsNamed() {
    assertThat(refusal(new byte[1000])).hasMessageContaining("no packed model");
    byte[] newer = packed();
    newer[8] = 9;
    assertThat(refusal(newer))
        .hasMessageContaining("version 9")
        .hasMessageContaining("convert the model again");
  }

  static ObjectNode json(byte[] file) {
    long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(16);
    return JsonFiles.object(
        Arrays.copyOfRange(file, JSON_AT, Math.toIntExact(JSON_AT + length)), "test");
  }

  /** Replaces the header, with a right checksum and right lengths, before the same data. */
  static byte[] with(byte[] file, Consumer<ObjectNode> change) {
    ObjectNode json = json(file);
    change.accept(json);
    return withHeader(file, json.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** The same for a header of any bytes. */
  static byte[] withHeader(byte[] file, byte[] text) {
    long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(16);
    int dataAt = Math.toIntExact(Part.align(JSON_AT + length));
    int newDataAt = Math.toIntExact(Part.align(JSON_AT + text.length));
    ByteBuffer changed =
        ByteBuffer.allocate(newDataAt + file.length - dataAt).order(ByteOrder.LITTLE_ENDIAN);
    changed.put(file, 0, 16).putLong(text.length).putLong(changed.capacity()).put(text);
    changed.position(newDataAt).put(file, dataAt, file.length - dataAt);
    CRC32C checksum = new CRC32C();
    checksum.update(changed.array(), 16, JSON_AT - 16 + text.length);
    return changed.putInt(12, (int) checksum.getValue()).array();
  }

  @Test
  void anotherLayoutSaysWhatToDo() {
    byte[] file = packed();
    byte[] other =
        with(
            file,
            json ->
                json.withObject("layout")
                    .put("kernels", "vector")
                    .put("bits", 1024)
                    .put("tile_columns", 96));
    assertThat(refusal(other))
        .hasMessageContaining("vector 1024-bit kernels (panels of 96 columns)")
        .hasMessageContaining("this JVM runs")
        .hasMessageContaining("convert the model again here")
        .hasMessageContaining("-Dvitj.simd.bits=1024");
    assertThat(refusal(with(file, json -> json.remove("layout")))).hasMessageContaining("layout");
    assertThat(refusal(with(file, json -> json.withObject("layout").put("dtype", "F16"))))
        .hasMessageContaining("F16");
  }

  @Test
  void liesWithARightChecksumAreFound() {
    byte[] file = packed();
    assertThat(with(file, json -> {})).isEqualTo(file);
    assertLie(file, json -> part(json, 0).put("at", 64), "'patch_embed.proj' starts at byte 64");
    assertLie(file, json -> part(json, 0).put("at", -64), "starts at byte -64");
    assertLie(file, json -> part(json, 0).put("at", "0"), "entry 0");
    assertLie(file, json -> part(json, 0).put("kind", "code"), "entry 0");
    assertLie(file, json -> part(json, 1).put("kind", "packed"), "packed");
    assertLie(file, json -> part(json, 1).put("name", "patch_embed.proj"), "declared twice");
    assertLie(file, json -> part(json, 0).put("name", "x"), "needs the part 'patch_embed.proj'");
    assertLie(file, json -> shape(json, Integer.MAX_VALUE, Integer.MAX_VALUE), "overflows");
    assertLie(file, json -> shape(json, 1 << 20, 1 << 20), "ends at byte");
    assertLie(file, json -> shape(json, 0, 4), "entry 0");
    assertLie(file, json -> json.withArray("parts").remove(0), "starts at byte");
    assertLie(file, json -> json.remove("parts"), "its parts end at byte 0");
    assertLie(file, json -> json.withObject("config").put("depth", 3), "blocks.2.norm1.weight");
    assertLie(file, json -> json.withObject("config").put("depth", 4096), "blocks.2.norm1.weight");
    assertLie(file, json -> json.withObject("config").put("depth", 1), "does not need");
    assertLie(file, json -> json.withObject("config").put("width", 96), "needs the part");
    assertLie(file, json -> json.withObject("config").put("heads", 0), "heads");
    assertLie(file, json -> json.withObject("config").remove("pooling"), "pooling");
    assertLie(file, json -> json.remove("config"), "config");
    assertLie(file, json -> json.withArray("labels").add("one more"), "labels");
    assertLie(file, json -> json.withObject("preprocessing").put("kind", "MAGIC"), "MAGIC");
  }

  private static ObjectNode part(ObjectNode json, int index) {
    return (ObjectNode) json.withArray("parts").get(index);
  }

  private static void shape(ObjectNode json, int outputs, int inputs) {
    part(json, 0).putArray("shape").add(outputs).add(inputs);
  }

  private void assertLie(byte[] file, Consumer<ObjectNode> lie, String mention) {
    assertThat(refusal(with(file, lie))).hasMessageContaining(mention);
  }
}
