package io.vitj.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.model.Fixtures;
import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.bytes.Damage;
import io.vitj.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sound files of every format, cut and changed at random. */
class HostileFilesTest {
  private static final int CHANGES = 500;

  static Stream<Path> files() {
    return Stream.of(
        Fixtures.format("base").resolve("model.safetensors"),
        Fixtures.format("google").resolve("ViT.npz"),
        Fixtures.format("google-target").resolve("ViT.npz"),
        Fixtures.format("big-vision-stacked").resolve("vit.npz"),
        Fixtures.format("torch-zip").resolve("model.pth"),
        Fixtures.format("torch-dino").resolve("checkpoint.pth"),
        Fixtures.format("torch-views").resolve("model.pt"),
        Fixtures.format("torch-script").resolve("model.pt"),
        Fixtures.format("torch-legacy").resolve("model.pth"),
        Fixtures.format("torch-views-legacy").resolve("model.pt"));
  }

  /**
   * Reads all tensors of a file in memory, within what a checkpoint may take, and returns whether
   * it was sound.
   */
  static boolean isSound(Path path, byte[] bytes) {
    try (Arena arena = Arena.ofConfined()) {
      // Exactly as long as the file: an access behind its end is an exception of the JVM.
      MemorySegment memory = arena.allocate(bytes.length + 1L).asSlice(0, bytes.length);
      memory.copyFrom(MemorySegment.ofArray(bytes));
      Footprint.assertBounded(
          bytes.length, metered -> readAll(open(path, memory.asReadOnly(), metered), bytes.length));
      return true;
    } catch (ModelException e) {
      assertThat(e.getMessage()).startsWith(path + ": ").doesNotContain("\n");
      return false;
    }
  }

  private static CheckpointFile open(Path path, MemorySegment memory, Arena arena) {
    Damage damage = new Damage(path, "file");
    return switch (CheckpointFormat.of(path).orElseThrow()) {
      case SAFETENSORS -> SafetensorsFile.read(damage, memory, arena);
      case NPZ -> NpzFile.read(damage, memory, arena);
      case TORCH -> TorchFile.read(damage, memory, arena);
      case SHARDED -> throw new IllegalArgumentException(path.toString());
    };
  }

  /** Each tensor alone, because views of one storage may be many and are copied. */
  static void readAll(CheckpointFile file, long fileBytes) {
    for (StoredTensor stored : file.tensors().values()) {
      if (stored.type().readable()) {
        Footprint.assertBounded(
            fileBytes,
            arena -> {
              Tensor tensor = file.read(stored.name(), arena);
              assertThat(tensor.shape()).isEqualTo(stored.shape());
              touch(tensor);
            });
      }
    }
  }

  /** An access outside the memory of the file or of the arena is an exception of the JVM. */
  private static void touch(Tensor tensor) {
    long bytes = tensor.shape().elements() * tensor.dtype().bytes();
    CRC32 sum = new CRC32();
    sum.update(tensor.segment().asSlice(tensor.byteOffset(), bytes).asByteBuffer());
  }

  @ParameterizedTest
  @MethodSource("files")
  void cutAnywhere(Path path) throws IOException {
    byte[] sound = Files.readAllBytes(path);
    assertThat(isSound(path, sound)).isTrue();
    // At every length where there are headers and directories, and here and there between them.
    int step = 1;
    for (int size = 0; size < sound.length; size += step) {
      step = size < 300 || size > sound.length - 1500 ? 1 : 97;
      byte[] cut = Arrays.copyOf(sound, size);
      assertThat(isSound(path, cut)).as("%d bytes", size).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void changedAtRandom(Path path) throws IOException {
    byte[] sound = Files.readAllBytes(path);
    SplittableRandom random = new SplittableRandom(17);
    count(path, () -> isSound(path, changed(sound, random)));
  }

  /** Neither all nor none must be sound: otherwise the changes would test nothing. */
  private static void count(Path path, BooleanSupplier isSound) {
    int sound = 0;
    for (int i = 0; i < CHANGES; i++) {
      sound += isSound.getAsBoolean() ? 1 : 0;
    }
    assertThat(sound).as(path.toString()).isBetween(1, CHANGES - 1);
  }

  private static byte[] changed(byte[] sound, SplittableRandom random) {
    byte[] changed = sound.clone();
    for (int n = random.nextInt(1, 9); n > 0; n--) {
      int at = random.nextInt(changed.length);
      switch (random.nextInt(4)) {
        case 0 -> changed[at] = (byte) random.nextInt();
        case 1 -> changed[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> Arrays.fill(changed, at, Math.min(at + 8, changed.length), (byte) -1);
        default -> {
          int from = random.nextInt(changed.length);
          int length = Math.min(random.nextInt(64), changed.length - Math.max(at, from));
          System.arraycopy(sound, from, changed, at, length);
        }
      }
    }
    return changed;
  }
}
