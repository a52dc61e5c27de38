package io.vitj.model.checkpoint;

import static io.vitj.model.checkpoint.CheckpointAssertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.zip.RawZip;
import io.vitj.tensor.DType;
import io.vitj.tensor.HalfFloat;
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
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpzFileTest {
  private static final byte[] SIX = Npy.floats(1, 2, 3, 4, 5, 6);

  @TempDir private Path folder;

  private Path write(RawZip zip) throws IOException {
    return Files.write(folder.resolve("a.npz"), zip.bytes());
  }

  private Path one(byte[] array) throws IOException {
    return write(new RawZip().stored("a.npy", array));
  }

  @Test
  void arraysOfAllTypesAndOrders() throws IOException {
    ByteBuffer half = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    half.putShort(HalfFloat.f16(1.5f)).putShort(HalfFloat.f16(-2f));
    ByteBuffer brain = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    brain.putShort(HalfFloat.bf16(1.5f)).putShort(HalfFloat.bf16(-2f));
    ByteBuffer wide = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    wide.putDouble(0.1).putDouble(1e300);
    Path path =
        write(
            new RawZip()
                .stored("f/row.npy", Npy.array("<f4", false, "(2, 3)", SIX))
                .stored("f/column.npy", Npy.array("<f4", true, "(2, 3)", SIX))
                .deflated("f/deflated.npy", Npy.array("=f4", true, "(3, 2)", SIX))
                .stored("half.npy", Npy.array("<f2", false, "(2,)", half.array()))
                .stored("brain.npy", Npy.array("|V2", false, "(1, 2)", brain.array()))
                .stored("wide.npy", Npy.array("<f8", false, "(2,)", wide.array()))
                .stored("scalar.npy", Npy.array("<f4", false, "()", Npy.floats(7)))
                .stored("none.npy", Npy.array("<f4", true, "(3, 0)", new byte[0]))
                .stored("step.npy", Npy.array("<i8", false, "()", new byte[8]))
                .stored("readme.txt", "not an array".getBytes(StandardCharsets.UTF_8)));
    try (CheckpointFile file = CheckpointFile.open(path);
        Arena arena = Arena.ofConfined()) {
      assertThat(file).isInstanceOf(NpzFile.class);
      assertThat(file.metadata()).isEmpty();
      assertThat(file.tensors().keySet())
          .containsExactly(
              "brain", "f/column", "f/deflated", "f/row", "half", "none", "scalar", "step", "wide");
      assertThat(file.read("f/row", arena).toFloats()).containsExactly(1, 2, 3, 4, 5, 6);
      assertThat(file.read("f/column", arena).toFloats()).containsExactly(1, 3, 5, 2, 4, 6);
      assertThat(file.read("f/deflated", arena).toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
      assertThat(file.read("half", arena).toFloats()).containsExactly(1.5f, -2f);
      assertThat(file.read("brain", arena).toFloats()).containsExactly(1.5f, -2f);
      assertThat(file.read("brain", arena).dtype()).isEqualTo(DType.BF16);
      assertThat(file.read("wide", arena).toFloats())
          .containsExactly(0.1f, Float.POSITIVE_INFINITY);
      assertThat(file.read("scalar", arena).get()).isEqualTo(7f);
      assertThat(file.read("none", arena).shape()).isEqualTo(Shape.of(3, 0));
      assertThatThrownBy(() -> file.read("step", arena))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("'step' is stored as I64; weights must be");
      assertThatThrownBy(() -> file.read("absent", arena))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("has no tensor 'absent'");
    }
  }

  @Test
  void storedArraysAreViewsAndDeflatedOnesAreInflatedOnce() throws IOException {
    Path path =
        write(
            new RawZip()
                .stored("stored.npy", Npy.array("<f4", false, "(6,)", SIX))
                .deflated("deflated.npy", Npy.array("<f4", false, "(6,)", SIX)));
    Tensor view;
    try (CheckpointFile file = CheckpointFile.open(path);
        Arena arena = Arena.ofConfined()) {
      for (String name : file.tensors().keySet()) {
        view = file.read(name, arena);
        assertThat(file.read(name, arena).segment()).isEqualTo(view.segment());
      }
      view = file.read("stored", arena);
    }
    Tensor ended = view;
    assertThatThrownBy(() -> ended.get(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void manyThreadsReadAtOnce() throws IOException {
    RawZip zip = new RawZip();
    float[] values = new float[5000];
    IntStream.range(0, values.length).forEach(i -> values[i] = i);
    zip.deflated("a.npy", Npy.array("<f4", false, "(5000,)", Npy.floats(values)));
    AtomicInteger equal = new AtomicInteger();
    try (CheckpointFile file = CheckpointFile.open(write(zip))) {
      IntStream.range(0, 64)
          .parallel()
          .forEach(
              i -> {
                try (Arena arena = Arena.ofConfined()) {
                  if (Arrays.equals(file.read("a", arena).toFloats(), values)) {
                    equal.incrementAndGet();
                  }
                }
              });
    }
    assertThat(equal).hasValue(64);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
        "{'shape':(2,3),'fortran_order':False,'descr':'<f4'}",
        "{ \"descr\" : \"<f4\" , 'shape' : ( 2L , 3L , ) , 'fortran_order' : False }"
      })
  void dictionariesAsPythonWritesThem(String dictionary) throws IOException {
    for (int version = 1; version <= 3; version++) {
      try (CheckpointFile file = CheckpointFile.open(one(Npy.array(version, dictionary, SIX)));
          Arena arena = Arena.ofConfined()) {
        assertThat(file.read("a", arena).shape()).isEqualTo(Shape.of(2, 3));
        assertThat(file.read("a", arena).get(1, 2)).isEqualTo(6f);
      }
    }
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("goes on", "{'descr': '<f4', 'fortran_order': False, 'shape': (6,)} 1"),
        Arguments.of("no { at character 0", "('<f4', False, (6,))"),
        Arguments.of("no { at character 54", ""),
        Arguments.of("no string at character 1", "{descr: '<f4'}"),
        Arguments.of("no string at character 10", "{'descr': <f4}"),
        Arguments.of("no string at character 1", "{'descr"),
        Arguments.of("no : at character 9", "{'descr' '<f4'}"),
        Arguments.of("no } at character 16", "{'descr': '<f4' 'shape': (6,)}"),
        Arguments.of("lacks one of descr, fortran_order and shape", "{}"),
        Arguments.of("lacks one of", "{'descr': '<f4', 'shape': (6,)}"),
        Arguments.of("has descr twice", "{'descr': '<f4', 'descr': '<f4'}"),
        Arguments.of("unknown key 'align'", "{'align': True}"),
        Arguments.of("neither True nor False", "{'fortran_order': 1}"),
        Arguments.of("no ( at character 10", "{'shape': 6}"),
        Arguments.of("no extent at character 11", "{'shape': (-6,)}"),
        Arguments.of("no ) at character 12", "{'shape': (6.0,)}"),
        Arguments.of("no ) at character 54", "{'shape': (6"),
        Arguments.of("extent beyond 2147483647", "{'shape': (2147483648,)}"),
        Arguments.of("extent beyond 2147483647", "{'shape': (99999999999999999999,)}"),
        Arguments.of("shape that overflows", "{'shape': (2147483647, 2147483647, 2147483647, 0)}"),
        Arguments.of("more than 64 axes", "{'shape': (" + "1,".repeat(65) + ")}"),
        Arguments.of("no extent", "{'shape': (" + "(".repeat(9000) + ")}"),
        Arguments.of("is one of records", "{'descr': [('x', '<f4')]}"),
        Arguments.of(
            "holds Python objects, which vitj never unpickles",
            "{'descr': '|O', 'fortran_order': False, 'shape': (6,)}"),
        Arguments.of(
            "is big-endian ('>f4')", "{'descr': '>f4', 'fortran_order': False, 'shape': (6,)}"),
        Arguments.of(
            "the dtype '<f16', which", "{'descr': '<f16', 'fortran_order': False, 'shape': (6,)}"),
        Arguments.of(
            "the dtype 'f4', which", "{'descr': 'f4', 'fortran_order': False, 'shape': (6,)}"),
        Arguments.of("the dtype '', which", "{'descr': '', 'fortran_order': False, 'shape': ()}"),
        Arguments.of(
            "F32 (7) takes 28 bytes, and has 24",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (7,)}"),
        Arguments.of(
            "F32 (5) takes 20 bytes, and has 24",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (5,)}"),
        Arguments.of(
            "size that overflows: F64 (2147483647, 2147483647)",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (2147483647, 2147483647)}"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource
  void malformed(String message, String dictionary) throws IOException {
    assertRefused(one(Npy.array(1, dictionary, SIX)), message);
  }

  @Test
  void headersThatLie() throws IOException {
    byte[] sound = Npy.array("<f4", false, "(6,)", SIX);
    assertRefused(one(new byte[0]), "'a' does not begin as the .npy format does");
    assertRefused(one(Arrays.copyOf(sound, 5)), "'a' does not begin as");
    assertRefused(
        one(Arrays.copyOf(sound, 9)), "a field of 2 bytes at byte 8 goes beyond the end at 9");
    assertRefused(one(Arrays.copyOf(sound, 60)), "claims a header of 118 bytes; it has 60");
    byte[] version = sound.clone();
    version[6] = 4;
    assertRefused(one(version), "is of version 4 of the .npy format; vitj reads 1 to 3");
    byte[] longer = Npy.array(2, "{" + " ".repeat(1 << 14), SIX);
    assertRefused(one(longer), "of which vitj reads 16384");
  }

  @Test
  void aChangedByteIsNoticed() throws IOException {
    byte[] bytes = new RawZip().stored("a.npy", Npy.array("<f4", false, "(6,)", SIX)).bytes();
    bytes[30 + 5 + 128] ^= 1;
    Path path = Files.write(folder.resolve("changed.npz"), bytes);
    try (CheckpointFile file = CheckpointFile.open(path);
        Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> file.read("a", arena))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("the entry 'a.npy' has the CRC-32");
    }
  }

  @Test
  void whatIsNoZipFileIsRefused() throws IOException {
    assertRefused(Files.write(folder.resolve("x.npz"), SIX), "zip directory is missing");
    assertThat(NpzFile.open(write(new RawZip())).tensors()).isEqualTo(Map.of());
  }
}
