package io.vitj.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vitj.model.Fixtures;
import io.vitj.model.ModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

class ShardIndexFuzzTest {
  private static final String SHARD = "model-00002-of-00003.safetensors";

  @TempDir private static Path folder;

  static Stream<byte[]> seeds() throws IOException {
    Path shard = Fixtures.format("sharded").resolve(SHARD);
    StringBuilder json = new StringBuilder("{\"metadata\":{},\"weight_map\":{");
    try (CheckpointFile file = CheckpointFile.open(shard)) {
      for (String name : file.tensors().keySet()) {
        json.append('"').append(name).append("\":\"").append(SHARD).append("\",");
      }
    }
    json.setCharAt(json.length() - 1, '}');
    Files.copy(shard, folder.resolve(SHARD));
    return Stream.of(json.append('}').toString().getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "3s")
  void anyIndex(byte[] bytes) throws IOException {
    Path index = Files.write(folder.resolve("model.safetensors.index.json"), bytes);
    long checkpoint = bytes.length + Files.size(folder.resolve(SHARD));
    try {
      Footprint.assertBounded(
          checkpoint,
          arena -> {
            try (CheckpointFile file = CheckpointFile.open(index)) {
              HostileFilesTest.readAll(file, checkpoint);
            }
          });
    } catch (ModelException e) {
      assertThat(e.getMessage()).startsWith(folder.toString()).doesNotContain("\n");
    }
  }
}
