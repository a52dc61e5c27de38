package io.vitj.model.checkpoint;

import static io.vitj.model.checkpoint.CheckpointAssertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.Fixtures;
import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.pickle.PickleBytes;
import io.vitj.tensor.DType;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tensors of PyTorch files, and how they view their storages. */
class TorchFileTest extends TorchFixture {
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
  void aPickleThatRunsACommandIsRefusedByName() throws IOException {
    PickleBytes command = pickle().global("os", "system").text("touch owned").op(0x85).op('R');
    byte[] bytes = command.bytes();
    String message =
        "refused: the pickle asks for os.system, which is not a tensor or a plain container;"
            + " save the state_dict of the model alone";
    assertRefused(write(zip(new PickleBytes().raw(bytes))), message);
    assertRefused(write(legacy(new PickleBytes().raw(bytes).op('.').bytes())), message);
  }
}
