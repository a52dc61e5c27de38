package io.vitj.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ModelException;
import io.vitj.tensor.DType;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsFileTest {
  @TempDir private Path folder;

  @Test
  void allTypesParseAndTheFloatingPointOnesAreRead() throws IOException {
    StringBuilder json = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
    int offset = 0;
    for (StorageType type : StorageType.values()) {
      int bytes = type.bits() * 4 / 8;
      json.append(entry(',', type.name(), type.name(), "[2,2]", offset, offset + bytes));
      offset += bytes;
    }
    ByteBuffer data = ByteBuffer.allocate(offset).order(ByteOrder.LITTLE_ENDIAN);
    Path path = write(json.append('}').toString(), data.array());
    try (CheckpointFile file = CheckpointFile.open(path);
        Arena arena = Arena.ofConfined()) {
      assertThat(file.path()).isEqualTo(path);
      assertThat(file.metadata()).isEqualTo(Map.of("format", "pt"));
      assertThat(file.tensors()).hasSize(StorageType.values().length);
      for (StorageType type : StorageType.values()) {
        StoredTensor stored = file.tensors().get(type.name());
        assertThat(stored.type()).isEqualTo(type);
        assertThat(stored.shape()).isEqualTo(Shape.of(2, 2));
        if (type.readable()) {
          assertThat(file.read(type.name(), arena).toFloats()).containsOnly(0f);
        } else {
          assertThatThrownBy(() -> file.read(type.name(), arena))
              .isInstanceOf(ModelException.class)
              .hasMessageContaining(path.toString())
              .hasMessageContaining("is stored as " + type);
        }
      }
      assertThatThrownBy(() -> file.read("absent", arena))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("has no tensor 'absent'");
    }
  }

  @Test
  void valuesAreThoseStored() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(26).order(ByteOrder.LITTLE_ENDIAN);
    data.putDouble(0.1).putDouble(1e300).putFloat(-2.5f);
    data.putShort((short) 0x3c00).putShort((short) 0xbf80).putShort((short) 0x0001);
    Path path =
        write(
            '{'
                + entry(' ', "d", "F64", "[2]", 0, 16)
                + entry(',', "f", "F32", "[]", 16, 20)
                + entry(',', "h", "F16", "[1]", 20, 22)
                + entry(',', "b", "BF16", "[1,1]", 22, 24)
                + entry(',', "t", "F16", "[1]", 24, 26)
                + entry(',', "none", "F32", "[3,0]", 26, 26)
                + "}  ",
            data.array());
    try (CheckpointFile file = CheckpointFile.open(path);
        Arena arena = Arena.ofConfined()) {
      assertThat(file.read("d", arena).toFloats()).containsExactly(0.1f, Float.POSITIVE_INFINITY);
      assertThat(file.read("f", arena).get()).isEqualTo(-2.5f);
      assertThat(file.read("h", arena).toFloats()).containsExactly(1f);
      assertThat(file.read("h", arena).dtype()).isEqualTo(DType.F16);
      assertThat(file.read("b", arena).toFloats()).containsExactly(-1f);
      assertThat(file.read("t", arena).toFloats()).containsExactly(0x1p-24f);
      assertThat(file.read("none", arena).shape()).isEqualTo(Shape.of(3, 0));
    }
  }

  @Test
  void tensorsEndWithTheFile() throws IOException {
    Tensor tensor;
    try (CheckpointFile file = CheckpointFile.open(write(one("F32", "[1]", 0, 4), new byte[4]));
        Arena arena = Arena.ofConfined()) {
      tensor = file.read("a", arena);
      assertThat(tensor.get(0)).isZero();
    }
    assertThatThrownBy(() -> tensor.get(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void filesInsideAnArchiveAreReadIntoMemory() throws IOException {
    byte[] data = new byte[1 << 20];
    Arrays.fill(data, (byte) 0x3f);
    Path plain = write(one("F32", "[262144]", 0, data.length), data);
    try (FileSystem zip =
        FileSystems.newFileSystem(folder.resolve("model.jar"), Map.of("create", "true"))) {
      Path inside = zip.getPath("/model.safetensors");
      Files.copy(plain, inside);
      try (CheckpointFile file = CheckpointFile.open(inside);
          Arena arena = Arena.ofConfined()) {
        assertThat(file.read("a", arena).toFloats()).containsOnly(Float.intBitsToFloat(0x3f3f3f3f));
      }
    }
  }

  static Stream<Arguments> malformed() {
    String good = entry(' ', "a", "F32", "[2]", 0, 8);
    return Stream.of(
        Arguments.of("empty object but data", "{}", 8, "bytes 0 to 8 of the data belong to no"),
        Arguments.of("no object", "[1]", 0, "does not begin with '{'"),
        Arguments.of("leading space", " {}", 0, "does not begin with '{'"),
        Arguments.of("nothing", "", 0, "does not begin with '{'"),
        Arguments.of("cut JSON", "{\"a\":{\"dtype\":\"F32\"", 8, "not valid JSON"),
        Arguments.of("two objects", '{' + good + "}{}", 8, "goes on after the object"),
        Arguments.of("zero byte", '{' + good + "}\0", 8, "not valid JSON"),
        Arguments.of("deep", "{\"a\":" + "[".repeat(100_000), 0, "not described by an object"),
        Arguments.of("deep extra", "{\"a\":{\"x\":" + "[".repeat(100_000), 0, "not valid JSON"),
        Arguments.of("tensor as list", "{\"a\":[]}", 0, "'a' is not described by an object"),
        Arguments.of("tensor twice", '{' + good + ',' + good + '}', 8, "'a' is declared twice"),
        Arguments.of("metadata list", "{\"__metadata__\":[]}", 0, "not an object of strings"),
        Arguments.of("metadata number", "{\"__metadata__\":{\"k\":1}}", 0, "'k' is not a string"),
        Arguments.of(
            "metadata key twice",
            "{\"__metadata__\":{\"k\":\"\",\"k\":\"\"}}",
            0,
            "'k' is declared twice"),
        Arguments.of(
            "metadata twice",
            "{\"__metadata__\":{},\"__metadata__\":{}}",
            0,
            "__metadata__ is declared twice"),
        Arguments.of("no dtype", "{\"a\":{\"shape\":[],\"data_offsets\":[0,4]}}", 4, "no dtype"),
        Arguments.of("no shape", "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "shape"),
        Arguments.of("no offsets", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "data_offsets"),
        Arguments.of("dtype 32", "{\"a\":{\"dtype\":32}}", 4, "dtype that is not a string"),
        Arguments.of("dtype twice", "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", 4, "twice"),
        Arguments.of("unknown dtype", one("F33", "[1]", 0, 4), 4, "unknown dtype 'F33'"),
        Arguments.of("lower case", one("f32", "[1]", 0, 4), 4, "unknown dtype 'f32'"),
        Arguments.of("shape text", one("F32", "\"2\"", 0, 8), 8, "shape that is not a list"),
        Arguments.of("fraction", one("F32", "[2.0]", 0, 8), 8, "has '2.0' in its shape"),
        Arguments.of("negative", one("F32", "[-2]", 0, 8), 8, "has '-2' in its shape"),
        Arguments.of("nested", one("F32", "[[2]]", 0, 8), 8, "in its shape"),
        Arguments.of("beyond long", one("F32", "[99999999999999999999]", 0, 8), 8, "in its shape"),
        Arguments.of("beyond int", one("U8", "[4294967296,0]", 0, 0), 0, "extent 4294967296"),
        Arguments.of(
            "overflow to the right size",
            one("F32", "[4611686018427387904,4,2]", 0, 8),
            8,
            "size that overflows"),
        Arguments.of("half a byte", one("F4", "[3]", 0, 1), 1, "ends inside a byte"),
        Arguments.of("too few bytes", one("F32", "[3]", 0, 8), 8, "of 8 bytes, and F32 [3] takes"),
        Arguments.of("wrong dtype", one("F16", "[2]", 0, 8), 8, "and F16 [2] takes 4"),
        Arguments.of("backwards", one("F32", "[2]", 8, 0), 8, "at bytes 8 to 0 of the data"),
        Arguments.of("outside", one("F32", "[2]", 4, 12), 8, "bytes 4 to 12 of the data, which"),
        Arguments.of("far outside", one("F32", "[2]", 1L << 62, (1L << 62) + 8), 8, "has 8"),
        Arguments.of(
            "three offsets", one("F32", "[2],\"x\":0", 0, 8).replace("8]", "8,8]"), 8, "3"),
        Arguments.of("hole before", one("F32", "[1]", 4, 8), 8, "bytes 0 to 4 of the data belong"),
        Arguments.of("hole behind", one("F32", "[1]", 0, 4), 8, "bytes 4 to 8 of the data belong"),
        Arguments.of(
            "hole between",
            '{' + good + entry(',', "b", "F32", "[1]", 12, 16) + '}',
            16,
            "bytes 8 to 12 of the data belong"),
        Arguments.of(
            "overlap",
            '{' + good + entry(',', "b", "F32", "[2]", 4, 12) + '}',
            12,
            "'b' starts at byte 4 of the data, inside another tensor that ends at 8"),
        Arguments.of(
            "same bytes", '{' + good + entry(',', "b", "F32", "[2]", 0, 8) + '}', 8, "'b' starts"),
        Arguments.of(
            "name with newline",
            one("F3", "[1]", 0, 4).replace("\"a\"", "\"a\\n%s\""),
            4,
            "'a\\u000a%s' has the unknown dtype"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void malformed(String what, String header, int dataBytes, String message) throws IOException {
    assertRefused(write(header, new byte[dataBytes]), message);
  }

  @Test
  void lengthsThatLieAreRefused() throws IOException {
    assertRefused(raw(new byte[0]), "has 0 bytes");
    assertRefused(raw(new byte[7]), "has 7 bytes");
    assertRefused(raw(length(3), "{}".getBytes(StandardCharsets.UTF_8)), "claims 3 bytes, and 2");
    assertRefused(raw(length(100_000_001)), "claims 100000001 bytes, and the format allows");
    assertRefused(raw(length(-1)), "claims 18446744073709551615 bytes");
    assertRefused(raw(length(Long.MIN_VALUE)), "claims 9223372036854775808 bytes");
    assertRefused(raw(length(100_000_000)), "claims 100000000 bytes, and 0 follow");
  }

  @Test
  void headersInAnotherEncodingAreRefused() throws IOException {
    String name = one("F32", "[1]", 0, 4).replace("\"a\"", "\"ü\"");
    byte[] latin = name.getBytes(StandardCharsets.ISO_8859_1);
    assertRefused(raw(length(latin.length), latin, new byte[4]), "is not UTF-8");
    byte[] utf = name.getBytes(StandardCharsets.UTF_8);
    try (CheckpointFile file = CheckpointFile.open(raw(length(utf.length), utf, new byte[4]))) {
      assertThat(file.tensors()).containsOnlyKeys("ü");
    }
  }

  @Test
  void aSoundFileCutOrChangedAnywhereIsSoundOrRefused() throws IOException {
    String header =
        "{\"__metadata__\":{\"format\":\"pt\"}"
            + entry(',', "weight", "F32", "[2,3]", 0, 24)
            + entry(',', "bias", "F32", "[2]", 24, 32)
            + '}';
    byte[] sound = Files.readAllBytes(write(header, new byte[32]));
    for (int size = 0; size < sound.length; size++) {
      assertRefused(raw(Arrays.copyOf(sound, size)), "not a sound safetensors file");
    }
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 3000; i++) {
      byte[] changed = sound.clone();
      for (int n = random.nextInt(1, 4); n > 0; n--) {
        changed[random.nextInt(header.length() + 8)] = (byte) random.nextInt();
      }
      readAll(raw(changed));
    }
  }

  /** Whatever the file says, reading it ends in tensors within the file or in a ModelException. */
  private static void readAll(Path path) {
    try (CheckpointFile file = CheckpointFile.open(path);
        Arena arena = Arena.ofConfined()) {
      for (String name : file.tensors().keySet()) {
        file.read(name, arena).toFloats();
      }
    } catch (ModelException e) {
      assertThat(e.getMessage()).contains(path.toString()).doesNotContain("\n");
    }
  }

  @Test
  void whatIsNoFileIsRefused() {
    Path absent = folder.resolve("absent.safetensors");
    assertRefused(absent, "there is no such file");
    assertThatThrownBy(() -> SafetensorsFile.open(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is a directory");
    assertRefused(folder.resolve("model.gguf"), "not a checkpoint that vitj reads");
  }

  private static void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> CheckpointFile.open(path).close())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(path.toString())
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }

  private static String one(String dtype, String shape, long begin, long end) {
    return '{' + entry(' ', "a", dtype, shape, begin, end) + '}';
  }

  private static String entry(
      char separator, String name, String dtype, String shape, long begin, long end) {
    return String.format(
            "%c\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}",
            separator, name, dtype, shape, begin, end)
        .trim();
  }

  private Path write(String header, byte[] data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return raw(length(json.length), json, data);
  }

  private static byte[] length(long bytes) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(bytes).array();
  }

  private Path raw(byte[]... parts) throws IOException {
    Path path = folder.resolve("model.safetensors");
    try (var stream = Files.newOutputStream(path)) {
      for (byte[] part : parts) {
        stream.write(part);
      }
    }
    return path;
  }
}
