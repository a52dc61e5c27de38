package io.vitj.model.packed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.Fixtures;
import io.vitj.model.ModelBundle;
import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.family.ModelDirectory;
import io.vitj.model.image.RgbImage;
import io.vitj.model.pipeline.ImageClassifier;
import io.vitj.model.pipeline.TextEmbedder;
import io.vitj.model.pipeline.ZeroShotClassifier;
import io.vitj.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedTextTest {
  @TempDir private Path folder;

  private Path pack(Path source) {
    Path file = folder.resolve("packed.vitj");
    try (ModelDirectory model = ModelDirectory.open(source)) {
      PackedFile.write(model, DType.F32, file);
    }
    return file;
  }

  private static float[] logits(Path model) {
    byte[] pixels = new byte[3 * 40 * 30];
    new Random(1).nextBytes(pixels);
    try (ImageClassifier classifier =
        ZeroShotClassifier.builder(model).labels(List.of("cat", "red house", "snow")).build()) {
      return classifier.logits(List.of(new RgbImage(40, 30, pixels)))[0];
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"clip", "siglip"})
  void textsAreEmbeddedToTheSameBits(String name) throws IOException {
    Path source = Fixtures.text(name);
    Path packed = pack(source);
    assertThat(logits(packed)).isEqualTo(logits(source));
    try (TextEmbedder ours = TextEmbedder.load(packed);
        TextEmbedder theirs = TextEmbedder.load(source)) {
      assertThat(ours.embed("a cat")).isEqualTo(theirs.embed("a cat"));
      assertThat(ours.similarity()).isEqualTo(theirs.similarity());
    }
  }

  @Test
  void aModelWithoutTokenizerIsPackedWithoutTexts() throws IOException {
    Path source = Files.createDirectory(folder.resolve("source"));
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(Fixtures.text("clip").resolve(name), source.resolve(name));
    }
    for (Path model : List.of(source, Fixtures.path("timm-vit"))) {
      Path packed = pack(model);
      ModelBundle.load(packed).close();
      assertThatThrownBy(() -> TextEmbedder.load(packed))
          .isInstanceOf(ModelException.class)
          .hasMessage(
              packed
                  + ": has no text tower; a full CLIP or SigLIP that has its tokenizer beside it is"
                  + " packed with one");
    }
  }

  @Test
  void liesAboutTheTextTowerAreFound() throws IOException {
    byte[] file = Files.readAllBytes(pack(Fixtures.text("clip")));
    assertRefused(file, config -> config.put("vocabulary", 7), "'text.token_embed.weight'");
    assertRefused(file, config -> config.put("sigmoid", true), "'text.logit_bias'");
    assertRefused(file, config -> config.put("causal", 3), "causal");
    assertRefused(file, config -> config.putNull("encoder"), "text tower");
    assertRefused(file, config -> config.withObject("encoder").put("depth", 77), "norm1");
    Path without = folder.resolve("without.vitj");
    Files.write(without, PackedFileTest.with(file, json -> json.remove("text_config")));
    assertThatThrownBy(() -> ModelBundle.load(without))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(without.toString())
        .hasMessageContaining("does not need");
  }

  private void assertRefused(byte[] file, Consumer<ObjectNode> lie, String mention)
      throws IOException {
    Path changed = folder.resolve("lie.vitj");
    byte[] bytes = PackedFileTest.with(file, json -> lie.accept(json.withObject("text_config")));
    Files.write(changed, bytes);
    ModelBundle.load(changed).close(); // images need none of it
    assertThatThrownBy(() -> TextEmbedder.load(changed))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(changed.toString())
        .hasMessageContaining(mention)
        .message()
        .doesNotContain("\n");
  }
}
