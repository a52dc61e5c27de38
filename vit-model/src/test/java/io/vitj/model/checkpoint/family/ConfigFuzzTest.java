package io.vitj.model.checkpoint.family;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vitj.model.Fixtures;
import io.vitj.model.ModelException;
import io.vitj.model.Parameter;
import io.vitj.model.checkpoint.Footprint;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigFuzzTest {
  @TempDir private static Path folder;

  static Stream<byte[]> seeds() throws IOException {
    Path base = Fixtures.format("base");
    Files.copy(base.resolve("model.safetensors"), folder.resolve("model.safetensors"));
    return Stream.of(
        Files.readAllBytes(base.resolve("config.json")),
        Files.readAllBytes(Fixtures.path("timm-deit-distilled").resolve("config.json")),
        Files.readAllBytes(Fixtures.path("hf-vit").resolve("config.json")),
        Files.readAllBytes(Fixtures.path("hf-deit-distilled").resolve("config.json")));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "3s")
  void anyConfig(byte[] bytes) throws IOException {
    Files.write(folder.resolve("config.json"), bytes);
    long checkpoint = bytes.length + Files.size(folder.resolve("model.safetensors"));
    try {
      Footprint.assertBounded(checkpoint, ConfigFuzzTest::read);
    } catch (ModelException e) {
      assertThat(e.getMessage()).startsWith(folder.toString()).doesNotContain("\n");
    }
  }

  private static void read(Arena arena) {
    try (ModelDirectory model = ModelDirectory.open(folder)) {
      for (Parameter parameter : model.config().parameters()) {
        model.weights().get(parameter.name(), arena);
      }
    }
  }
}
