package io.vitj.model.checkpoint.zip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.bytes.Damage;
import io.vitj.model.checkpoint.zip.RawZip.Fields;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ZipArchiveTest {
  private static final byte[] HELLO = "hello, hello, hello".getBytes(StandardCharsets.UTF_8);

  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    arena.close();
  }

  private ZipArchive open(byte[] bytes) {
    MemorySegment memory = arena.allocate(Math.max(1, bytes.length)).asSlice(0, bytes.length);
    memory.copyFrom(MemorySegment.ofArray(bytes));
    return ZipArchive.of(new Damage(Path.of("x.zip"), "zip file"), memory.asReadOnly());
  }

  private byte[] contents(ZipArchive zip, String name) {
    return zip.contents(zip.entries().get(name), arena).toArray(ValueLayout.JAVA_BYTE);
  }

  @Test
  void entriesAreReadHoweverTheyAreStored() {
    RawZip raw = new RawZip().stored("a", HELLO).deflated("d/b", HELLO).stored("", new byte[0]);
    for (byte[] bytes : new byte[][] {raw.bytes(), raw.zip64().bytes()}) {
      ZipArchive zip = open(bytes);
      assertThat(zip.entries()).containsOnlyKeys("a", "d/b", "");
      assertThat(contents(zip, "a")).isEqualTo(HELLO);
      assertThat(contents(zip, "d/b")).isEqualTo(HELLO);
      assertThat(contents(zip, "")).isEmpty();
      assertThat(zip.start(zip.entries().get("d/b"), 5, arena).toArray(ValueLayout.JAVA_BYTE))
          .isEqualTo(Arrays.copyOf(HELLO, 5));
      zip.requireSum(zip.entries().get("a"), MemorySegment.ofArray(HELLO));
    }
  }

  @Test
  void storedEntriesAreNotCopied() {
    ZipArchive zip = open(new RawZip().stored("a", HELLO).bytes());
    ZipEntry entry = zip.entries().get("a");
    assertThat(zip.contents(entry, arena)).isEqualTo(zip.contents(entry, arena));
    assertThat(zip.contents(entry, arena).isReadOnly()).isTrue();
  }

  @Test
  void aCommentMayLookLikeAnEnd() {
    byte[] zip = new RawZip().stored("a", HELLO).end(end -> end.putShort(20, (short) 26)).bytes();
    byte[] commented = Arrays.copyOf(zip, zip.length + 26);
    ByteBuffer.wrap(commented).putInt(zip.length + 2, 0x504b0506);
    assertThat(open(commented).entries()).containsOnlyKeys("a");
  }

  @Test
  void anArchiveWithoutEntriesIsOne() {
    assertThat(open(new RawZip().bytes()).entries()).isEmpty();
  }

  static Stream<Arguments> lies() {
    return Stream.of(
        lie("inside another that ends at", e -> e.start = 3),
        lie("inside another that ends at", e -> e.start = 0),
        lie("is not at byte", e -> e.start = 55),
        lie("is not at byte", e -> e.start = 1 << 20),
        lie("has two headers that differ", e -> e.localName = "c"),
        lie("has two headers that differ", e -> e.localName = "bb"),
        lie("has two headers that differ", e -> e.localMethod = 8),
        lie("is encrypted; unpack it first", e -> e.flags = 1),
        lie(
            "is compressed by method 9; vitj reads stored and deflated",
            e -> e.method = e.localMethod = 9),
        lie("is stored in 19 bytes, but claims 20", e -> e.bytes = 20),
        lie("has 20 bytes from byte", e -> e.stored = e.bytes = 20),
        lie("4000 bytes from byte", e -> e.stored = e.bytes = 4000),
        lie("has 4000000000 bytes from byte 81", e -> e.stored = e.bytes = 4_000_000_000L),
        lie(
            "claim more than 100 times the 216 bytes of the file: a zip bomb",
            e -> {
              e.method = e.localMethod = 8;
              e.bytes = 4_000_000_000L;
            }),
        lie("two entries 'a'", e -> e.name = e.localName = "a"));
  }

  private static Arguments lie(String message, Consumer<Fields> change) {
    return Arguments.of(message, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void lies(String message, Consumer<Fields> change) {
    assertRefused(new RawZip().stored("a", HELLO).stored("b", HELLO).last(change).bytes(), message);
  }

  static Stream<Arguments> lyingEnds() {
    return Stream.of(
        end("directory has 48 bytes from byte 50, and should end", end -> end.putInt(12, 48)),
        end("directory has 47 bytes from byte 51, and should end", end -> end.putInt(16, 51)),
        end("directory has 47 bytes from byte 4294967295", end -> end.putInt(16, -1)),
        end("2 entries do not fit into its directory", end -> end.putShort(10, (short) 2)),
        end("bytes 50 to 97 of its directory are no entry", end -> end.putShort(10, (short) 0)),
        end("zip directory is missing", end -> end.putShort(20, (short) 1)));
  }

  private static Arguments end(String message, Consumer<ByteBuffer> change) {
    return Arguments.of(message, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void lyingEnds(String message, Consumer<ByteBuffer> change) {
    assertRefused(new RawZip().stored("a", HELLO).end(change).bytes(), message);
  }

  @Test
  void anEntryThatInflatesBeyondItsClaimIsRefused() {
    byte[] zeros = new byte[10_000_000];
    ZipArchive zip = open(new RawZip().deflated("bomb", zeros).last(e -> e.bytes = 100).bytes());
    assertThatThrownBy(() -> contents(zip, "bomb"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("'bomb' does not inflate to the 100 bytes that it claims");
    ZipArchive small =
        open(new RawZip().deflated("a", HELLO).last(e -> e.bytes = HELLO.length + 1L).bytes());
    assertThatThrownBy(() -> contents(small, "a"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("does not inflate to the 20 bytes");
  }

  @Test
  void whatClaimsMuchMoreThanTheFileIsABomb() {
    assertRefused(
        new RawZip().deflated("a", new byte[10_000_000]).bytes(), " bytes of the file: a zip bomb");
    RawZip many = new RawZip();
    for (int i = 0; i < 200; i++) {
      many.deflated("e" + i, HELLO).last(e -> e.bytes = 20_000);
    }
    assertRefused(many.bytes(), "a zip bomb");
  }

  @Test
  void aChangedByteIsNoticedBySums() {
    byte[] bytes = new RawZip().stored("a", HELLO).deflated("b", HELLO).bytes();
    bytes[35] ^= 1;
    ZipArchive zip = open(bytes);
    ZipEntry a = zip.entries().get("a");
    assertThatThrownBy(() -> zip.requireSum(a, zip.contents(a, arena)))
        .isInstanceOf(ModelException.class)
        .hasMessageMatching(".*entry 'a' has the CRC-32 [0-9a-f]{8} instead of [0-9a-f]{8}; .*");
    ZipArchive wrong = open(new RawZip().deflated("b", HELLO).last(e -> e.crc = 7).bytes());
    assertThatThrownBy(() -> contents(wrong, "b"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("instead of 00000007");
  }

  @Test
  void bytesThatAreNotDeflateAreRefused() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 300; i++) {
      byte[] noise = new byte[random.nextInt(40)];
      random.nextBytes(noise);
      RawZip raw = new RawZip().stored("a", noise);
      raw.last(e -> e.method = e.localMethod = 8);
      ZipArchive zip = open(raw.bytes());
      assertThatThrownBy(() -> contents(zip, "a")).isInstanceOf(ModelException.class);
    }
  }

  @Test
  void aCutArchiveIsRefused() {
    byte[] bytes = new RawZip().stored("a", HELLO).zip64().bytes();
    for (int size = 0; size < bytes.length; size++) {
      assertRefused(Arrays.copyOf(bytes, size), "zip directory is missing");
    }
  }

  private void assertRefused(byte[] bytes, String message) {
    assertThatThrownBy(() -> open(bytes))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("x.zip: ")
        .hasMessageContaining(message);
  }
}
