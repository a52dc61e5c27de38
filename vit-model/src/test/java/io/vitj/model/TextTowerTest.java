package io.vitj.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.checkpoint.family.TextDirectory;
import io.vitj.model.pipeline.TextEmbedder;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.Activation;
import io.vitj.tensor.parallel.Parallel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text towers against the library that made the checkpoints. */
class TextTowerTest {
  /** As for the image towers: some ten times what rounding makes of a few blocks. */
  private static final double TOLERANCE = 5e-5;

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private static List<String> texts(CheckpointFile expected) throws IOException {
    return List.of(JSON.readValue(expected.metadata().get("texts"), String[].class));
  }

  private static void assertClose(float[] actual, float... expected) {
    double largest = 1;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs((double) actual[i] - expected[i])).isLessThan(TOLERANCE * largest);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"clip", "open-clip", "siglip"})
  void embedsTextsAsTheReference(String name) throws IOException {
    Path directory = Fixtures.text(name);
    try (Arena arena = Arena.ofConfined();
        CheckpointFile expected = CheckpointFile.open(directory.resolve("expected.safetensors"));
        TextEmbedder embedder = TextEmbedder.builder(directory).threads(2).build()) {
      float[][] vectors = embedder.embedAll(texts(expected));
      Tensor reference = expected.read("text_embeds", arena);
      assertThat(embedder.width()).isEqualTo(reference.shape().dim(1));
      assertThat(vectors).hasDimensions(reference.shape().dim(0), embedder.width());
      for (int i = 0; i < vectors.length; i++) {
        assertClose(vectors[i], reference.slice(i, 1).toFloats());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"clip", "open-clip", "siglip"})
  void comparesTextsWithImagesAsTheReference(String name) throws IOException {
    Path directory = Fixtures.text(name);
    try (Arena arena = Arena.ofConfined();
        CheckpointFile expected = CheckpointFile.open(directory.resolve("expected.safetensors"));
        TextEmbedder embedder = TextEmbedder.builder(directory).normalize(true).build();
        ModelBundle bundle = ModelBundle.load(directory);
        Parallel parallel = Parallel.owned(2);
        Session session = new Session(bundle.model(), parallel, 2)) {
      session.input().copyFrom(expected.read("pixel_values", arena));
      session.run();
      float[] images = session.embedding().toFloats();
      assertClose(images, expected.read("image_embeds", arena).toFloats());

      float[][] vectors = embedder.embedAll(texts(expected));
      float[] logits = expected.read("logits_per_image", arena).toFloats();
      int width = embedder.width();
      for (int i = 0; i < logits.length; i++) {
        double dot = 0;
        double squares = 0;
        for (int d = 0; d < width; d++) {
          double value = images[i / vectors.length * width + d];
          dot += value * vectors[i % vectors.length][d];
          squares += value * value;
        }
        float logit = embedder.similarity().logit(dot / Math.sqrt(squares));
        assertClose(new float[] {logit}, logits[i]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"clip", "open-clip", "siglip"})
  void theResultOfATextDependsOnNothingElse(String name) {
    List<String> texts = List.of("snow", "two dogs on the street", "a ".repeat(40), "", "red");
    Path directory = Fixtures.text(name);
    try (TextEmbedder one = TextEmbedder.builder(directory).threads(1).maxBatch(1).build();
        TextEmbedder many = TextEmbedder.builder(directory).threads(3).maxBatch(4).build()) {
      float[][] together = many.embedAll(texts);
      for (int i = 0; i < together.length; i++) {
        assertThat(one.embed(texts.get(i))).isEqualTo(together[i]);
      }
    }
  }

  @Test
  void aClosedEmbedderSaysSo() {
    TextEmbedder embedder = TextEmbedder.load(Fixtures.text("clip"));
    embedder.embed("snow");
    embedder.close();
    embedder.close();
    assertThatThrownBy(() -> embedder.embed("snow")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theEndTokenIsLookedForAsTheConfigSays() {
    TextConfig legacy = config("clip", json -> {});
    assertThat(legacy.pooling()).isEqualTo(TextConfig.Pooling.LARGEST_ID);
    assertThat(legacy.pooledToken(552, 7, 553, 553)).isEqualTo(2);
    TextConfig named = config("clip", json -> json.put("eos_token_id", 7));
    assertThat(named.pooling()).isEqualTo(TextConfig.Pooling.END_TOKEN);
    assertThat(named.pooledToken(552, 553, 7, 7, 553)).isEqualTo(2);
    assertThat(named.pooledToken(552, 553)).isZero();
    TextConfig last = config("siglip", json -> {});
    assertThat(last.pooledToken(5, 1, 1)).isEqualTo(2);
    assertThat(legacy.tokensRead(8, new int[] {1, 9, 2}, new int[] {9, 1, 1})).isEqualTo(8);
    assertThat(legacy.tokensRead(2, new int[] {1, 9, 2}, new int[] {9, 1, 1})).isEqualTo(2);
    assertThat(legacy.tokensRead(64, new int[20])).isEqualTo(20);
    assertThat(last.tokensRead(2, new int[18])).isEqualTo(18);
  }

  /** The config of a fixture after a change to its text_config. */
  private TextConfig config(String name, Consumer<ObjectNode> change) {
    try (TextDirectory source = TextDirectory.open(copy(name, change), null)) {
      return source.config();
    }
  }

  private Path copy(String name, Consumer<ObjectNode> change) {
    try (Stream<Path> files = Files.list(Fixtures.text(name))) {
      Path copy = Files.createTempDirectory(folder, name);
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName().toString()));
      }
      Path config = copy.resolve("config.json");
      ObjectNode json = (ObjectNode) JSON.readTree(config.toFile());
      change.accept((ObjectNode) json.path("text_config"));
      JSON.writeValue(config.toFile(), json);
      return copy;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatDoesNotFitIsNamed() throws IOException {
    Path wide = copy("clip", json -> json.put("hidden_size", 24));
    assertRefused(wide, "does not fit", "config.json (text tower)", "of another shape");
    Path small = copy("clip", json -> json.put("vocab_size", 553));
    assertRefused(small, "token_embedding.weight is (554, 16) instead of (553, 16)");
    Path wordy = copy("clip", json -> json.put("max_position_embeddings", 0));
    assertRefused(wordy, "config.json", "0");
    Path text = copy("clip", json -> json.put("vocab_size", "many"));
    assertRefused(text, "text_config.vocab_size must be an integer");
    Path lost = copy("clip", json -> {});
    Files.delete(lost.resolve("merges.txt"));
    assertRefused(lost, lost.toString(), "tokenizer.json", "merges.txt");
    Path larger = copy("siglip", json -> {});
    Path tokenizer = Fixtures.text("siglip2-tokenizer").resolve("tokenizer.json");
    Files.write(larger.resolve("tokenizer.json"), Files.readAllBytes(tokenizer));
    Files.delete(larger.resolve("tokenizer_config.json"));
    assertRefused(larger, "ids up to 399", "65 tokens");
    assertRefused(Fixtures.path("hf-vit"), "config.json", "'vit' has no text tower");
    assertRefused(folder.resolve("nowhere"), "nowhere", "no such");
  }

  /** OpenAI's names, with whatever says what the towers are like. */
  private Path original(String config, String contents) throws IOException {
    Path copy = Files.createTempDirectory(folder, "original");
    for (String file : List.of("open_clip_model.safetensors", "vocab.json", "merges.txt")) {
      Files.copy(Fixtures.text("open-clip").resolve(file), copy.resolve(file));
    }
    Files.writeString(copy.resolve(config), contents);
    return copy;
  }

  @Test
  void originalTowersFollowTheirShapesAndOpenClipsConfig() throws IOException {
    String timm =
        """
        {"architecture": "vit_base_patch16_clip_quickgelu_224", "model_args": {"img_size": 16,
         "patch_size": 8, "embed_dim": 20, "depth": 1, "num_heads": 2, "mlp_ratio": 2.2}}
        """;
    try (TextDirectory bare = TextDirectory.open(original("config.json", timm), null);
        TextDirectory described = TextDirectory.open(Fixtures.text("open-clip"), null)) {
      TextConfig config = bare.config();
      assertThat(config.encoder().activation()).isEqualTo(Activation.QUICK_GELU);
      assertThat(config.encoder().heads()).isEqualTo(1); // of 64 elements, as OpenAI has them
      assertThat(described.config().encoder())
          .isEqualTo(config.encoder().toBuilder().heads(2).build());
      assertThat(described.config().pooling()).isEqualTo(TextConfig.Pooling.LARGEST_ID);
    }
  }

  @Test
  void whatOpenClipCanDoAndVitjCannotIsNamed() throws IOException {
    String name = "open_clip_config.json";
    String sound = Files.readString(Fixtures.text("open-clip").resolve(name));
    assertRefused(
        original(name, sound.replace("\"heads\":2", "\"heads\":2,\"embed_cls\":true")),
        name,
        "text_cfg has the key 'embed_cls'");
    assertRefused(
        original(name, sound.replace("\"heads\":2", "\"pool_type\":\"last\"")),
        "text_cfg.pool_type must be \"argmax\"");
    Path silent = original(name, sound);
    Files.delete(silent.resolve("vocab.json"));
    assertRefused(silent, silent.toString(), "texts need the tokenizer of the checkpoint");
  }

  private static void assertRefused(Path model, String... mentions) {
    assertThatThrownBy(() -> TextEmbedder.load(model))
        .isInstanceOf(ModelException.class)
        .satisfies(
            e -> {
              assertThat(e.getMessage()).doesNotContain("\n");
              for (String mention : mentions) {
                assertThat(e).hasMessageContaining(mention);
              }
            });
  }

  @Test
  void aSessionTakesWhatItIsFor() {
    try (Arena arena = Arena.ofShared();
        TextDirectory clip = TextDirectory.open(Fixtures.text("clip"), null);
        TextDirectory siglip = TextDirectory.open(Fixtures.text("siglip"), null);
        Parallel parallel = Parallel.sequential()) {
      TextTransformer model = TextTransformer.of(clip.config(), clip.weights(), arena);
      TextTransformer whole = TextTransformer.of(siglip.config(), siglip.weights(), arena);
      assertThatThrownBy(() -> new TextSession(model, parallel, 0, 20)).hasMessageContaining("0");
      assertThatThrownBy(() -> new TextSession(model, parallel, 1, 21))
          .hasMessage("a text of this model has 1 to 20 tokens, not 21");
      assertThatThrownBy(() -> new TextSession(whole, parallel, 1, 17))
          .hasMessage("a text of this model has 18 to 18 tokens, not 17");
      try (TextSession session = new TextSession(model, parallel, 1, 3)) {
        assertThatThrownBy(() -> session.run(new int[3], new int[3])).hasMessageContaining("2");
        assertThatThrownBy(() -> session.run(new int[4])).hasMessageContaining("3 tokens, not 4");
        assertThatThrownBy(() -> session.run(new int[] {0, 554, 0}))
            .isInstanceOf(ModelException.class)
            .hasMessage("token id 554 is not among the model's 554");
      }
    }
  }
}
