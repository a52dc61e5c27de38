package io.vitj.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.Fixtures;
import io.vitj.model.ModelException;
import io.vitj.tensor.DType;
import io.vitj.tensor.HalfFloat;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  @TempDir private Path folder;

  /** The reference is the file that the format's own library wrote. */
  @Test
  void theBytesAreThoseOfTheReference() throws IOException {
    for (String fixture : Fixtures.ALL) {
      Path original = Fixtures.path(fixture).resolve("model.safetensors");
      Path copy = folder.resolve(fixture + ".safetensors");
      try (CheckpointFile file = CheckpointFile.open(original)) {
        SafetensorsWriter writer = new SafetensorsWriter();
        file.metadata().forEach(writer::metadata);
        file.tensors()
            .values()
            .forEach(
                t ->
                    writer.add(
                        t.name(), DType.F32, t.shape(), arena -> file.read(t.name(), arena)));
        writer.write(copy);
      }
      assertThat(copy).hasSameBinaryContentAs(original);
    }
  }

  @Test
  void whatIsWrittenIsRead() {
    Path path = folder.resolve("x.safetensors");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment halves = arena.allocate(6, 2);
      halves.set(ValueLayout.JAVA_SHORT, 2, HalfFloat.f16(1.5f));
      halves.set(ValueLayout.JAVA_SHORT, 4, HalfFloat.f16(-2f));
      new SafetensorsWriter()
          .add("a", Tensor.view(halves, 2, DType.F16, Shape.of(2)))
          .add("b", Tensor.view(halves, 2, DType.BF16, Shape.of(1)))
          .add("scalar", Tensor.of(arena, Shape.of(), 3f))
          .add("none", Tensor.allocate(arena, Shape.of(0, 4)))
          .add("a \"name\" ü\n", Tensor.of(arena, Shape.of(2, 1), 4f, 5f))
          .metadata("format", "pt")
          .write(path);
    }
    try (SafetensorsFile file = SafetensorsFile.open(path);
        Arena arena = Arena.ofConfined()) {
      assertThat(file.metadata()).isEqualTo(Map.of("format", "pt"));
      assertThat(file.read("a", arena).toFloats()).containsExactly(1.5f, -2f);
      assertThat(file.tensors().get("b").type()).isEqualTo(StorageType.BF16);
      assertThat(file.read("scalar", arena).get()).isEqualTo(3f);
      assertThat(file.read("none", arena).shape()).isEqualTo(Shape.of(0, 4));
      assertThat(file.read("a \"name\" ü\n", arena).toFloats()).containsExactly(4f, 5f);
      for (StoredTensor tensor : file.tensors().values()) {
        assertThat(file.offset(tensor.name()) % (tensor.type().bits() / 8)).isZero();
      }
    }
  }

  @Test
  void largeTensorsGoInPieces() {
    Path path = folder.resolve("large.safetensors");
    int elements = 5_000_001;
    try (Arena arena = Arena.ofConfined()) {
      Tensor large = Tensor.allocate(arena, Shape.of(elements));
      large.segment().setAtIndex(ValueLayout.JAVA_FLOAT, elements - 1, 7f);
      large.segment().setAtIndex(ValueLayout.JAVA_FLOAT, 8 << 18, 6f);
      new SafetensorsWriter().add("large", large).write(path);
    }
    try (CheckpointFile file = CheckpointFile.open(path);
        Arena arena = Arena.ofConfined()) {
      Tensor large = file.read("large", arena);
      assertThat(large.get(elements - 1)).isEqualTo(7f);
      assertThat(large.get(8 << 18)).isEqualTo(6f);
    }
  }

  @Test
  void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
    Path path = Files.writeString(folder.resolve("x.safetensors"), "old");
    SafetensorsWriter writer =
        new SafetensorsWriter()
            .add(
                "a",
                DType.F32,
                Shape.of(2),
                arena -> {
                  throw new ModelException("values cannot be made");
                });
    assertThatThrownBy(() -> writer.write(path)).hasMessage("values cannot be made");
    SafetensorsWriter lying =
        new SafetensorsWriter()
            .add("a", DType.F32, Shape.of(2), arena -> Tensor.of(arena, Shape.of(1), 1f));
    assertThatThrownBy(() -> lying.write(path))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("(2)")
        .hasMessageContaining("(1)");
    assertThat(path).hasContent("old");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(path);
    }
  }

  @Test
  void anExistingFileIsReplacedAlsoBehindALink() throws IOException {
    Path path = Files.writeString(folder.resolve("x.safetensors"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.safetensors"), path);
    new SafetensorsWriter().write(link);
    assertThat(link).isSymbolicLink();
    try (CheckpointFile file = CheckpointFile.open(path)) {
      assertThat(file.tensors()).isEmpty();
    }
  }

  @Test
  void whatCannotBeWrittenIsNamed() throws IOException {
    Path blocked = Files.writeString(folder.resolve("file"), "");
    for (Path path :
        new Path[] {folder, folder.resolve("no/x.safetensors"), blocked.resolve("x")}) {
      assertThatThrownBy(() -> new SafetensorsWriter().write(path))
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith(path + ": cannot be written: ");
    }
  }

  @Test
  void namesAreUnique() {
    try (Arena arena = Arena.ofConfined()) {
      Tensor tensor = Tensor.allocate(arena, Shape.of(1));
      SafetensorsWriter writer = new SafetensorsWriter().add("a", tensor);
      assertThatThrownBy(() -> writer.add("a", tensor)).hasMessageContaining("a tensor a");
      assertThatThrownBy(() -> writer.add("__metadata__", tensor))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
