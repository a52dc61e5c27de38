package io.vitj.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightFilesTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "pytorch_model.bin x.npz model.safetensors a.safetensors, model.safetensors",
    "model.safetensors.index.json model-1.safetensors pytorch_model.bin,"
        + " model.safetensors.index.json",
    "open_clip_model.safetensors other.safetensors, open_clip_model.safetensors",
    "open_clip_pytorch_model.bin pytorch_model.bin, pytorch_model.bin",
    "vit.safetensors pytorch_model.bin, vit.safetensors",
    "onnx/model.safetensors sub/x.bin ViT-B_16.npz, ViT-B_16.npz",
    "dinov2.pth training_args.bin optimizer.pt config.json, dinov2.pth",
    "pytorch_model.bin.index.json pytorch_model-1.bin, pytorch_model.bin.index.json",
    "a.safetensors b.safetensors, a.safetensors b.safetensors",
    "config.json training_args.bin, ''"
  })
  void theUsualFileIsFound(String files, String expected) {
    List<String> found = WeightFiles.find(List.of(files.split(" ")));
    assertThat(String.join(" ", found)).isEqualTo(expected);
  }

  @Test
  void anIndexNamesItsShardsOnce() throws IOException {
    Path index = folder.resolve("model.safetensors.index.json");
    Files.writeString(
        index, "{\"weight_map\": {\"a\": \"2.safetensors\", \"b\": \"1.x\", \"c\": \"1.x\"}}");
    assertThat(WeightFiles.isIndex("model.safetensors.index.json")).isTrue();
    assertThat(WeightFiles.shards(index)).containsExactly("1.x", "2.safetensors");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"weight_map\": {}}",
        "{\"weight_map\": {\"a\": 1}}",
        "{\"weight_map\": {\"a\": \"../x\"}}",
        "{\"weight_map\": {\"a\": \"..\"}}",
        "{\"weight_map\": {\"a\": \"C:\\\\x\"}}",
        "{\"weight_map\": {\"a\": \"\"}}",
        "[]",
        "{"
      })
  void anIndexThatNamesNoneIsRefused(String json) throws IOException {
    Path index = Files.writeString(folder.resolve("x.index.json"), json);
    assertThatThrownBy(() -> WeightFiles.shards(index))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(index.toString());
  }
}
