package io.vitj.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.Fixtures;
import io.vitj.model.ModelException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardedFileTest {
  private static final String FIRST = "model-00001-of-00003.safetensors";
  private static final String SECOND = "model-00002-of-00003.safetensors";

  @TempDir private Path folder;
  private Path index;

  @BeforeEach
  void copy() throws IOException {
    try (Stream<Path> files = Files.list(Fixtures.format("sharded"))) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName().toString()));
      }
    }
    index = folder.resolve("model.safetensors.index.json");
  }

  private void replace(String old, String changed) throws IOException {
    String text = Files.readString(index);
    assertThat(text).contains(old);
    Files.writeString(index, text.replace(old, changed));
  }

  @Test
  void tensorsComeFromTheirShards() {
    try (CheckpointFile file = CheckpointFile.open(index);
        CheckpointFile second = CheckpointFile.open(folder.resolve(SECOND));
        Arena arena = Arena.ofConfined()) {
      assertThat(file).isInstanceOf(ShardedFile.class);
      assertThat(file.path()).isEqualTo(index);
      assertThat(file.metadata()).containsOnlyKeys("format");
      assertThat(file.tensors()).hasSize(32).containsAllEntriesOf(second.tensors());
      assertThat(file.tensors().values().stream().map(StoredTensor::type))
          .contains(StorageType.F32, StorageType.F16, StorageType.BF16);
      for (String name : second.tensors().keySet()) {
        assertThat(file.read(name, arena).toFloats())
            .isEqualTo(second.read(name, arena).toFloats());
      }
      assertThatThrownBy(() -> file.read("absent", arena))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining(index + ": has no tensor 'absent'");
    }
  }

  @Test
  void aMissingShardIsNamed() throws IOException {
    Files.delete(folder.resolve(SECOND));
    assertRefused("it names the shard '" + SECOND + "', which is not there");
  }

  @Test
  void aTensorInAnotherShardIsNamedWithBoth() throws IOException {
    replace("\"cls_token\": \"" + FIRST, "\"cls_token\": \"" + SECOND);
    assertRefused("tensor 'cls_token' is listed in '" + SECOND + "', and is in '" + FIRST + "'");
  }

  @Test
  void aTensorInNoShardIsNamed() throws IOException {
    replace("\"cls_token\"", "\"class_token\"");
    assertRefused("tensor 'class_token' is listed in '" + FIRST + "', and is in none of the");
  }

  @Test
  void aTensorThatTheIndexLeavesOutIsNamed() throws IOException {
    replace("\"cls_token\": \"" + FIRST + "\",", "");
    assertRefused("tensor 'cls_token' is in '" + FIRST + "', where the index does not list it");
  }

  @Test
  void aDamagedShardIsNamed() throws IOException {
    Path shard = folder.resolve(SECOND);
    Files.write(shard, new byte[3]);
    assertThatThrownBy(() -> CheckpointFile.open(index).close())
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(shard + ": not a sound safetensors file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../model.safetensors",
        "/etc/passwd",
        "folder/model.safetensors",
        "..",
        ".",
        "",
        "a\\\\b.safetensors",
        "C:model.safetensors",
        "model.safetensors\\u0000",
        "model.safetensors.index.json"
      })
  void onlyFilesOfTheSameFolderAreShards(String name) throws IOException {
    replace(FIRST, name);
    assertRefused("which is no file of its folder");
  }

  @Test
  void namesThatNoFileCanHaveAreNotThere() throws IOException {
    replace(FIRST, "\\ud800.safetensors");
    assertRefused("it names the shard '\\ud800.safetensors', which is not there");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"weight_map\":[]}", "{\"weight_map\":{}}", "{\"weight_map\":\"a\"}"})
  void anIndexWithoutAMapIsRefused(String json) throws IOException {
    Files.writeString(index, json);
    assertRefused("weight_map must be an object of tensor names and files");
  }

  @Test
  void anIndexOfSomethingElseIsRefused() throws IOException {
    Files.writeString(index, "{\"weight_map\":{\"a\":1}}");
    assertRefused("weight_map has no file name for tensor 'a'");
    Files.writeString(index, "{\"weight_map\":{\"a\":\"a.txt\"}}");
    Files.writeString(folder.resolve("a.txt"), "");
    assertThatThrownBy(() -> CheckpointFile.open(index).close())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("a.txt: not a checkpoint that vitj reads");
    Files.writeString(index, "{");
    assertThatThrownBy(() -> CheckpointFile.open(index).close())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is not valid JSON");
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> CheckpointFile.open(index).close())
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(index + ": not a sound index of shards: ")
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }
}
