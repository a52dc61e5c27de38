package io.vitj.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.Fixtures;
import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.pickle.PickleBytes;
import io.vitj.model.checkpoint.zip.RawZip;
import io.vitj.tensor.DType;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchFileTest {
  private static final byte[] SIX = Npy.floats(1, 2, 3, 4, 5, 6);
  private static final long[] DENSE = {3, 1};

  @TempDir private Path folder;

  private static PickleBytes pickle() {
    return new PickleBytes().proto();
  }

  /** A tensor (2, 3) under a name, on the storage "0" of six floats. */
  private static PickleBytes entry(PickleBytes pickle, String name) {
    pickle.text(name).rebuild().storage("FloatStorage", "0", 6);
    return pickle.view(0, new long[] {2, 3}, DENSE);
  }

  private static PickleBytes dict(String... names) {
    PickleBytes pickle = pickle().op("}(");
    for (String name : names) {
      entry(pickle, name);
    }
    return pickle.op('u');
  }

  private RawZip zip(PickleBytes pickle) {
    return new RawZip()
        .stored("archive/data.pkl", pickle.op('.').bytes())
        .stored("archive/byteorder", "little".getBytes(StandardCharsets.UTF_8))
        .stored("archive/data/0", SIX)
        .stored("archive/version", new byte[] {'3', '\n'});
  }

  private Path write(RawZip zip) throws IOException {
    return Files.write(folder.resolve("model.pth"), zip.bytes());
  }

  private static PickleBytes legacyHead() {
    PickleBytes head = pickle().op(0x8a, 10);
    byte[] magic = new BigInteger("1950a86a20f9469cfc6c", 16).toByteArray();
    for (int i = magic.length - 1; i >= 0; i--) {
      head.op(magic[i] & 0xff);
    }
    head.op('.').proto().op('M', 0xe9, 3).op('.');
    return head.proto().op("}(").text("little_endian").op(0x88).op("u.");
  }

  /** A legacy file of a pickled value on the storage "0" of six floats. */
  static PickleBytes legacy(byte[] value) {
    return legacyHead().raw(value).proto().op("](").text("0").op("e.").i64(6).raw(SIX);
  }

  private Path write(PickleBytes file) throws IOException {
    return Files.write(folder.resolve("model.pth"), file.bytes());
  }

  @Test
  void bothFormatsAreRead() throws IOException {
    for (Path path :
        List.of(write(zip(dict("a", "b"))), write(legacy(dict("a", "b").op('.').bytes())))) {
      try (CheckpointFile file = CheckpointFile.open(path);
          Arena arena = Arena.ofConfined()) {
        assertThat(file).isInstanceOf(TorchFile.class);
        assertThat(file.path()).isEqualTo(path);
        assertThat(file.tensors()).containsOnlyKeys("a", "b");
        assertThat(file.tensors().get("a"))
            .isEqualTo(new StoredTensor("a", StorageType.F32, Shape.of(2, 3)));
        Tensor tensor = file.read("b", arena);
        assertThat(tensor.toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(tensor.segment().isReadOnly()).isTrue();
        assertThatThrownBy(() -> file.read("c", arena))
            .isInstanceOf(ModelException.class)
            .hasMessage(path + ": has no tensor 'c'");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.pth", "model.pt", "pytorch_model.bin", "x.CKPT", "best.pth.tar"})
  void theNameOfTheFileMayEndInManyWays(String name) throws IOException {
    Path path = Files.move(write(zip(dict("a"))), folder.resolve(name + '_'));
    try (CheckpointFile file = CheckpointFile.open(Files.move(path, folder.resolve(name)))) {
      assertThat(file.tensors()).containsOnlyKeys("a");
    }
  }

  @Test
  void filesInsideAnArchiveAreRead() throws IOException {
    Path plain = write(zip(dict("a")));
    try (FileSystem jar =
        FileSystems.newFileSystem(folder.resolve("model.jar"), Map.of("create", "true"))) {
      Path inside = Files.copy(plain, jar.getPath("/model.pth"));
      try (CheckpointFile file = CheckpointFile.open(inside);
          Arena arena = Arena.ofConfined()) {
        assertThat(file.read("a", arena).get(1, 2)).isEqualTo(6f);
      }
    }
  }

  @Test
  void viewsOfAllKinds() throws IOException {
    PickleBytes pickle = pickle().op("}(");
    view(pickle, "transposed", 0, new long[] {3, 2}, 1, 3);
    view(pickle, "column", 1, new long[] {2}, 3);
    view(pickle, "row", 3, new long[] {1, 3}, 77, 1);
    view(pickle, "scalar", 5, new long[0]);
    view(pickle, "repeated", 2, new long[] {2, 3}, 1, 0);
    view(pickle, "none", 6, new long[] {0, 3}, 3, 1);
    try (CheckpointFile file = CheckpointFile.open(write(zip(pickle.op('u'))));
        Arena arena = Arena.ofConfined()) {
      assertThat(file.read("transposed", arena).toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
      assertThat(file.read("transposed", arena).shape()).isEqualTo(Shape.of(3, 2));
      assertThat(file.read("column", arena).toFloats()).containsExactly(2, 5);
      assertThat(file.read("row", arena).toFloats()).containsExactly(4, 5, 6);
      assertThat(file.read("row", arena).segment().isReadOnly()).isTrue();
      assertThat(file.read("scalar", arena).get()).isEqualTo(6f);
      assertThat(file.read("repeated", arena).toFloats()).containsExactly(3, 3, 3, 4, 4, 4);
      assertThat(file.read("none", arena).shape()).isEqualTo(Shape.of(0, 3));
    }
  }

  private static void view(
      PickleBytes pickle, String name, long offset, long[] size, long... stride) {
    pickle.text(name).rebuild().storage("FloatStorage", "0", 6).view(offset, size, stride);
  }

  @Test
  void storagesOfOldMayBeViewsOfOthers() throws IOException {
    PickleBytes pickle = pickle().op("}(").text("a").rebuild();
    pickle.op('(').text("storage").global("torch", "FloatStorage").text("0").text("cpu");
    pickle.integer(6).op('(').text("9").integer(2).integer(3).op("ttQ");
    pickle.view(1, new long[] {2}, new long[] {1}).op('u');
    try (CheckpointFile file = CheckpointFile.open(write(legacy(pickle.op('.').bytes())));
        Arena arena = Arena.ofConfined()) {
      assertThat(file.read("a", arena).toFloats()).containsExactly(4, 5);
    }
  }

  @Test
  void typesThatHoldNoWeightsAreListed() throws IOException {
    PickleBytes pickle = pickle().op("}(").text("step").rebuild();
    pickle.storage("LongStorage", "1", 1).view(0, new long[0], new long[0]).op('u');
    try (CheckpointFile file =
            CheckpointFile.open(write(zip(pickle).stored("archive/data/1", new byte[8])));
        Arena arena = Arena.ofConfined()) {
      assertThat(file.tensors().get("step").type()).isEqualTo(StorageType.I64);
      assertThatThrownBy(() -> file.read("step", arena))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("'step' is stored as I64; weights must be");
    }
  }

  static Stream<Arguments> nested() {
    return Stream.of(
        nested("", "", p -> entry(p, "a"), "a"),
        nested("model", "", p -> in(p, "model", "a"), "a"),
        nested("state_dict", "", p -> in(in(p, "model", "a"), "state_dict", "b"), "b"),
        nested("model_ema", "", p -> in(in(p, "model", "a"), "model_ema", "b"), "b"),
        nested("teacher", "", p -> in(in(p, "student", "a"), "teacher", "b"), "b"),
        nested("model", "", p -> in(entry(p, "rng_state"), "model", "b"), "b"),
        nested("", "", p -> entry(p.text("model").op("K\3"), "a"), "a"),
        nested("", "module.", p -> entry(entry(p, "module.a"), "module.b.c"), "a", "b.c"),
        nested("", "", p -> entry(entry(p, "module.a"), "b"), "b", "module.a"),
        nested("", "module.model.", p -> entry(p, "module.model.a"), "a"),
        nested("", "_orig_mod.", p -> entry(p, "_orig_mod.a"), "a"),
        nested("", "backbone.", p -> entry(entry(p, "backbone.a"), "head.w"), "a"),
        nested("", "module.backbone.", p -> entry(entry(p, "module.backbone.a"), "module.h"), "a"));
  }

  private static PickleBytes in(PickleBytes pickle, String key, String... names) {
    pickle.text(key).op("}(");
    for (String name : names) {
      entry(pickle, name);
    }
    return pickle.op('u');
  }

  private static Arguments nested(
      String path, String prefix, UnaryOperator<PickleBytes> entries, String... names) {
    PickleBytes pickle = entries.apply(pickle().op("}(").text("epoch").op("K\3")).op('u');
    return Arguments.of(path, prefix, List.of(names), pickle);
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource
  void nested(String path, String prefix, List<String> names, PickleBytes pickle)
      throws IOException {
    try (CheckpointFile file = CheckpointFile.open(write(zip(pickle)))) {
      assertThat(file.tensors().keySet()).containsExactlyElementsOf(names);
      assertThat(file.metadata()).isEqualTo(Map.of("state_dict", path, "prefix", prefix));
    }
  }

  @Test
  void whatHoldsNoStateDictIsNamed() throws IOException {
    assertRefused(
        write(zip(pickle().op("}(").text("epoch").op("K\3K\1K\2u"))),
        "has no state dict: at the top it has the keys 'epoch', (no text);"
            + " save the state_dict of the model");
    assertRefused(
        write(zip(pickle().op("}(").text("model").op("}(").text("x").op("NuNNu"))),
        "has no state dict: at 'model' it has the keys 'x';");
    assertRefused(write(zip(pickle().op(']'))), "what it holds is no dictionary of tensors");
    PickleBytes circle = pickle().op("}q\0(").text("model").op("h\0u");
    assertRefused(write(zip(circle)), "'model.model.model.model' is no dictionary of tensors");
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        bad("reaches outside its storage of 6", tensor(1, new long[] {2, 3}, DENSE)),
        bad("reaches outside its storage of 6", tensor(0, new long[] {2, 3}, 4, 1)),
        bad("reaches outside its storage of 6", tensor(7, new long[] {0}, 1)),
        bad("reaches outside its storage of 6", tensor(-1, new long[] {1}, 1)),
        bad("reaches outside its storage of 6", tensor(Long.MAX_VALUE, new long[] {1}, 1)),
        bad("has strides that overflow", tensor(0, new long[] {3}, Long.MAX_VALUE)),
        bad("(2, 3) has strides that overflow", tensor(0, new long[] {2, 3}, 1L << 62, 1L << 62)),
        bad("strides that do not belong to its shape (2, 3)", tensor(0, new long[] {2, 3}, 1)),
        bad("strides that do not belong", tensor(0, new long[] {2, 3}, 3, -1)),
        bad("has a size that is none", tensor(0, new long[] {2, -3}, DENSE)),
        bad("has a size that is none", tensor(0, new long[65], new long[65])),
        bad("has the extent 4294967296", tensor(0, new long[] {1L << 32, 0}, DENSE)),
        bad(
            "has a size that overflows",
            tensor(0, new long[] {1L << 30, 1L << 30, 1L << 30}, 0, 0, 0)),
        bad("repeats 6 elements to 1048576", tensor(0, new long[] {1 << 20}, 0)));
  }

  private static PickleBytes tensor(long offset, long[] size, long... stride) {
    PickleBytes pickle = pickle().op("}(").text("a").rebuild();
    return pickle.storage("FloatStorage", "0", 6).view(offset, size, stride).op('u');
  }

  private static Arguments bad(String message, PickleBytes pickle) {
    return Arguments.of(message, pickle);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void malformed(String message, PickleBytes pickle) throws IOException {
    assertRefused(write(zip(pickle)), "the tensor 'a' ");
    assertRefused(write(zip(new PickleBytes().raw(pickle.bytes()))), message);
  }

  @Test
  void storagesMustBeThereAndFit() throws IOException {
    PickleBytes absent = pickle().op("}(").text("a").rebuild();
    absent.storage("FloatStorage", "x\n/../0", 6).view(0, new long[] {6}, new long[] {1});
    assertRefused(write(zip(absent.op('u'))), "it has no storage 'x\\u000a/../0'");
    for (long elements : new long[] {5, 7, -1, Long.MAX_VALUE}) {
      PickleBytes pickle = pickle().op("}(").text("a").rebuild();
      pickle.storage("FloatStorage", "0", elements).view(0, new long[] {2}, new long[] {1});
      assertRefused(
          write(zip(pickle.op('u'))),
          "the storage '0' has 24 bytes instead of " + elements + " elements of F32");
    }
  }

  @Test
  void archivesOfSomethingElse() throws IOException {
    assertRefused(write(new RawZip().stored("a", SIX)), "it has 0 entries data.pkl instead of 1");
    assertRefused(write(zip(dict("a")).stored("other/data.pkl", SIX)), "it has 2 entries data.pkl");
    RawZip big = new RawZip().stored("m/data.pkl", dict("a").op('.').bytes());
    assertRefused(
        write(big.stored("m/byteorder", "big".getBytes(StandardCharsets.UTF_8))),
        "has the byte order 'big'; vitj reads little");
    assertRefused(write(new PickleBytes()), "begins neither as a zip archive nor as a pickle");
    assertRefused(write(new PickleBytes().raw(SIX)), "begins neither");
  }

  /** An object of a program, whose attributes follow. */
  private static PickleBytes module(PickleBytes pickle, String name) {
    return pickle.global("__torch__.package", name).op(")\u0081}(");
  }

  private RawZip program(PickleBytes pickle) {
    byte[] code = "import os; os.system('x')".getBytes(StandardCharsets.UTF_8);
    return zip(pickle).stored("archive/constants.pkl", SIX).stored("archive/code/a.py", code);
  }

  @Test
  void ofAProgramTheWeightsAreRead() throws IOException {
    PickleBytes pickle = module(pickle(), "Model");
    entry(pickle, "w").text("training").op(0x88).text("visual");
    entry(module(pickle, "Visual"), "w").text("sizes");
    pickle.global("torch.jit._pickle", "build_intlist").op("(](").integer(3).op("etRub").op("ub");
    try (CheckpointFile file = CheckpointFile.open(write(program(pickle)));
        Arena arena = Arena.ofConfined()) {
      assertThat(file.tensors()).containsOnlyKeys("w", "visual.w");
      assertThat(file.read("visual.w", arena).toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
    }
  }

  @Test
  void programsWithoutEndAreRefused() throws IOException {
    assertRefused(
        write(zip(module(pickle(), "M").op("ub"))),
        "refused: the pickle asks for __torch__.package.M");
    assertRefused(write(program(module(pickle(), "M").op("ub"))), "program without weights");
    PickleBytes code = module(pickle(), "M").text("a").global("os", "system").op("ub");
    assertRefused(write(program(code)), "refused: the pickle asks for os.system");
    PickleBytes deep = module(pickle(), "M");
    for (int i = 0; i < 100; i++) {
      module(deep.text("m"), "M");
    }
    for (int i = 0; i < 101; i++) {
      deep.op("ub");
    }
    assertRefused(write(program(deep)), "nests modules more than 64 deep");
    PickleBytes longNames = entry(module(pickle(), "M"), "w".repeat(300)).op("ub");
    assertRefused(write(program(longNames)), "more than 256 characters");
    PickleBytes circle = pickle().global("__torch__", "M").op(")\u0081q\u0001}(");
    entry(circle, "w").text("self").op("h\u0001ub");
    try (CheckpointFile file = CheckpointFile.open(write(program(circle)))) {
      assertThat(file.tensors()).containsOnlyKeys("w");
    }
  }

  @Test
  void theFormatOfTheFirstVersionsIsNamed() throws IOException {
    byte[] tar = new byte[1024];
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    assertRefused(
        write(new PickleBytes().raw(tar)), "is in the tar format of PyTorch 0.1; load it with");
  }

  @Test
  void storagesMayBeDeflated() throws IOException {
    RawZip zip =
        new RawZip()
            .deflated("data.pkl", dict("a").op('.').bytes())
            .deflated("data/0", SIX)
            .last(e -> e.crc = 0)
            .stored("data/0.txt", SIX);
    Path wrong = write(zip);
    assertRefused(wrong, "the entry 'data/0' has the CRC-32");
    zip = new RawZip().deflated("data.pkl", dict("a").bytes()).deflated("data/0", SIX);
    assertRefused(write(zip), "a field of 1 bytes at byte 188 goes beyond the end at 188");
    zip = new RawZip().deflated("data.pkl", dict("a").op('.').bytes()).deflated("data/0", SIX);
    try (CheckpointFile file = CheckpointFile.open(write(zip));
        Arena arena = Arena.ofConfined()) {
      assertThat(file.read("a", arena).get(1, 2)).isEqualTo(6f);
    }
  }

  @Test
  void sumsOfStoredEntriesAreNotChecked() throws IOException {
    RawZip zip = new RawZip().stored("data.pkl", dict("a").op('.').bytes()).last(e -> e.crc = 0);
    try (CheckpointFile file =
        CheckpointFile.open(write(zip.stored("data/0", SIX).last(e -> e.crc = 0)))) {
      assertThat(file.tensors()).hasSize(1);
    }
  }

  @Test
  void legacyFilesThatAreNone() throws IOException {
    assertRefused(
        write(pickle().op("}.")), "is a pickle that torch.save did not write; vitj reads state");
    byte[] head = legacyHead().bytes();
    byte[] version = head.clone();
    version[18] = 4;
    assertRefused(
        write(new PickleBytes().raw(version)), "is of version 772 of PyTorch's legacy format");
    byte[] big = head.clone();
    big[big.length - 3] = (byte) 0x89;
    assertRefused(write(new PickleBytes().raw(big)), "was saved on a big-endian machine");
    PickleBytes noKeys = legacyHead().raw(dict("a").op('.').bytes()).proto().op("N.");
    assertRefused(write(noKeys), "no list of storages follows its pickle");
    PickleBytes unknown = legacyHead().raw(dict("a").op('.').bytes());
    assertRefused(
        write(unknown.proto().op("](").text("1").op("e.").i64(6).raw(SIX)),
        "it lists a storage that its pickle does not refer to");
    PickleBytes none = legacyHead().raw(dict("a").op('.').bytes());
    assertRefused(write(none.proto().op("].")), "it has no storage '0'");
    for (long elements : new long[] {5, 7, Long.MAX_VALUE}) {
      PickleBytes other = legacyHead().raw(dict("a").op('.').bytes());
      other.proto().op("](").text("0").op("e.").i64(elements).raw(SIX);
      assertRefused(
          write(other), "storage '0' has 6 elements of F32 in its pickle and " + elements);
    }
    byte[] sound = legacy(dict("a").op('.').bytes()).bytes();
    assertRefused(
        write(new PickleBytes().raw(Arrays.copyOf(sound, sound.length - 1))),
        "has 6 elements of F32 in its pickle and 6 at byte");
    PickleBytes outside = pickle().op("}(").text("a").rebuild();
    outside.op('(').text("storage").global("torch", "FloatStorage").text("0").text("cpu");
    outside.integer(6).op('(').text("9").integer(2).integer(5).op("ttQ");
    outside.view(1, new long[] {2}, new long[] {1}).op('u');
    assertRefused(
        write(legacy(outside.op('.').bytes())), "a view of the storage '0' reaches outside it");
  }

  @Test
  void aPickleThatRunsACommandIsRefusedByName() throws IOException {
    PickleBytes command = pickle().global("os", "system").text("touch owned").op(0x85).op('R');
    byte[] bytes = command.bytes();
    String message =
        "refused: the pickle asks for os.system, which is not a tensor or a plain container;"
            + " save the state_dict of the model alone";
    assertRefused(write(zip(new PickleBytes().raw(bytes))), message);
    assertRefused(write(legacy(new PickleBytes().raw(bytes).op('.').bytes())), message);
  }

  @Test
  void halvesAreViewed() {
    Path path = Fixtures.format("torch-views").resolve("model.pt");
    try (CheckpointFile file = CheckpointFile.open(path);
        Arena arena = Arena.ofConfined()) {
      assertThat(file.tensors().values().stream().map(StoredTensor::type).distinct())
          .containsExactlyInAnyOrder(
              StorageType.F32, StorageType.F16, StorageType.BF16, StorageType.F64);
      assertThat(file.read("blocks.0.norm1.bias", arena).dtype()).isNotEqualTo(DType.F32);
    }
  }

  private static void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> CheckpointFile.open(path).close())
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(path + ": ")
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }
}
