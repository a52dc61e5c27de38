package io.vitj.model.packed;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vitj.model.Fixtures;
import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.Footprint;
import io.vitj.model.checkpoint.family.ModelDirectory;
import io.vitj.tensor.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Any header with a right checksum, which would otherwise keep out all that is changed. */
class PackedFileFuzzTest {
  @TempDir private static Path folder;

  private static byte[] sound;

  static Stream<byte[]> seeds() throws IOException {
    Path file = folder.resolve("sound.vitj");
    try (ModelDirectory model = ModelDirectory.open(Fixtures.path("timm-vit"))) {
      PackedFile.write(model, DType.F32, file);
    }
    sound = Files.readAllBytes(file);
    return Stream.of(PackedFileTest.json(sound).toString().getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "3s")
  void anyHeader(byte[] header) throws IOException {
    byte[] bytes = PackedFileTest.withHeader(sound, header);
    Path file = Files.write(folder.resolve("any.vitj"), bytes);
    try {
      Footprint.assertBounded(bytes.length, arena -> PackedFile.open(file, arena));
    } catch (ModelException e) {
      assertThat(e.getMessage()).startsWith(file.toString()).doesNotContain("\n");
    }
  }
}
