package io.vitj.model.checkpoint.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.Fixtures;
import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.family.ModelDirectory.Preprocessing;
import io.vitj.tensor.kernel.Activation;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ModelDirectoryTest {
  @TempDir private Path folder;

  @Test
  void labelsAndPreprocessingComeAlong() {
    try (ModelDirectory model = ModelDirectory.open(Fixtures.path("hf-vit"))) {
      assertThat(model.directory()).isEqualTo(Fixtures.path("hf-vit"));
      assertThat(model.labels()).hasSize(7).startsWith("thing 0", "thing 1").endsWith("thing 6");
      assertThat(model.preprocessing().kind()).isEqualTo(Preprocessing.Kind.HUGGING_FACE);
      assertThat(model.preprocessing().json().path("resample").asInt()).isEqualTo(2);
    }
    try (ModelDirectory model = ModelDirectory.open(Fixtures.path("timm-vit"))) {
      assertThat(model.labels()).hasSize(10).startsWith("class 0");
      assertThat(model.preprocessing().kind()).isEqualTo(Preprocessing.Kind.TIMM);
      assertThat(model.preprocessing().json().path("crop_pct").asDouble()).isEqualTo(0.9);
    }
  }

  @Test
  void anUnknownModelIsNamedEvenWithoutWeights() throws IOException {
    ModelCopy copy =
        new ModelCopy("timm-vit", folder).config(c -> c.put("architecture", "beit_base"));
    Files.delete(copy.file("model.safetensors"));
    assertRefused(folder, "config.json: unknown architecture 'beit_base'");
    copy.config(c -> c.put("architecture", "vit_tiny_patch16_224"));
    assertRefused(folder, "has no model.safetensors");
  }

  @Test
  void preprocessingMayBeAbsent() throws IOException {
    ModelCopy copy = new ModelCopy("hf-vit", folder);
    Files.delete(copy.file("preprocessor_config.json"));
    try (ModelDirectory model = ModelDirectory.open(folder)) {
      assertThat(model.preprocessing().kind()).isEqualTo(Preprocessing.Kind.NONE);
      assertThat(model.preprocessing().json().isMissingNode()).isTrue();
    }
  }

  @Test
  void aModelInsideAnArchiveIsRead() throws IOException {
    try (FileSystem jar =
        FileSystems.newFileSystem(folder.resolve("model.jar"), Map.of("create", "true"))) {
      Path inside = Files.createDirectory(jar.getPath("/model"));
      for (String name : List.of("config.json", "model.safetensors")) {
        Files.copy(Fixtures.path("hf-vit").resolve(name), inside.resolve(name));
      }
      try (ModelDirectory model = ModelDirectory.open(inside);
          ModelDirectory plain = ModelDirectory.open(Fixtures.path("hf-vit"));
          Arena arena = Arena.ofConfined()) {
        assertThat(model.weights().get("blocks.1.attn.qkv.weight", arena).toFloats())
            .isEqualTo(plain.weights().get("blocks.1.attn.qkv.weight", arena).toFloats());
      }
    }
  }

  @Test
  void weightsOfAnotherNameServeIfTheyAreTheOnlyOnes() throws IOException {
    ModelCopy copy = new ModelCopy("timm-vit", folder);
    Files.move(copy.file("model.safetensors"), copy.file("other.safetensors"));
    try (ModelDirectory model = ModelDirectory.open(folder)) {
      assertThat(model.checkpoint().path()).isEqualTo(copy.file("other.safetensors"));
    }
    Files.copy(copy.file("other.safetensors"), copy.file("another.safetensors"));
    assertRefused(
        folder,
        "has no model.safetensors, and 2 files that may be it: 'another.safetensors', 'other.s");
    Files.delete(copy.file("other.safetensors"));
    Files.delete(copy.file("another.safetensors"));
    assertRefused(folder, "has no model.safetensors and no other file of weights");
  }

  @Test
  void whatIsNoModelDirectoryIsNamed() throws IOException {
    assertRefused(folder.resolve("absent"), "there is no such model directory");
    assertRefused(folder, "has no config.json and no weights; a model is a directory with");
    Path file = Files.writeString(folder.resolve("config.json"), "{");
    assertRefused(file, "is a file; a model is a directory");
    assertRefused(folder, "config.json: is not valid JSON at line 1");
    Files.writeString(file, "[]");
    assertRefused(folder, "config.json: must hold a JSON object");
    Files.writeString(file, "{\"model_type\":\"vit\",\"model_type\":\"deit\"}");
    assertRefused(folder, "config.json: is not valid JSON at line 1: Duplicate");
    Files.writeString(file, "{} {}");
    assertRefused(folder, "config.json: is not valid JSON");
    Files.writeString(file, "");
    assertRefused(folder, "config.json: must hold a JSON object");
    Files.writeString(file, "[".repeat(2000));
    assertRefused(folder, "config.json: is not valid JSON");
  }

  static Stream<Arguments> huggingFaceFaults() {
    return Stream.of(
        fault(
            "model_type 'llama' is not supported; vitj reads beit, ",
            c -> c.put("model_type", "llama")),
        fault("names neither a timm \"architecture\" nor", c -> c.remove("model_type")),
        fault("model_type must be a string, not 3", c -> c.put("model_type", 3)),
        fault(
            "'ViTForMaskedImageModeling' is not supported; of model_type \"vit\", vitj reads"
                + " ViTForImageClassification, ViTModel",
            c -> c.putArray("architectures").add("ViTForMaskedImageModeling")),
        fault(
            "architectures must be a list of strings, not [7]",
            c -> c.putArray("architectures").add(7)),
        fault(
            "architectures must be a list of strings",
            c -> c.putObject("architectures").put("0", "ViTModel")),
        fault("hidden_size must be an integer, not \"24\"", c -> c.put("hidden_size", "24")),
        fault("hidden_size must be an integer, not 24.5", c -> c.put("hidden_size", 24.5)),
        fault(
            "hidden_size must be an integer, not 4294967320",
            c -> c.put("hidden_size", 4294967320L)),
        fault("heads 5, width 24", c -> c.put("num_attention_heads", 5)),
        fault("patch 25, image 24 x 24", c -> c.put("patch_size", 25)),
        fault("patch_size must be square, not [8,4]", c -> c.putArray("patch_size").add(8).add(4)),
        fault(
            "image_size must be an integer or a list of height and width, not [24]",
            c -> c.putArray("image_size").add(24)),
        fault(
            "depth must lie in 1 to 4096, not 100000000",
            c -> c.put("num_hidden_layers", 100_000_000)),
        fault("hidden_act must be one of gelu", c -> c.put("hidden_act", "mish")),
        fault("layer_norm_eps must be a number, not true", c -> c.put("layer_norm_eps", true)),
        fault("epsilon must lie between 0 and 1, not 0.0", c -> c.put("layer_norm_eps", 1e-300)),
        fault("qkv_bias must be true or false, not 1", c -> c.put("qkv_bias", 1)),
        fault(
            "there is a label for class 9, but the head has 7 classes",
            c -> {
              ObjectNode l = (ObjectNode) c.get("id2label");
              l.remove("6");
              l.put("9", "x");
            }),
        fault(
            "the labels have the key 'six'",
            c -> {
              ObjectNode l = (ObjectNode) c.get("id2label");
              l.remove("6");
              l.put("six", "x");
            }));
  }

  private static Arguments fault(String message, Consumer<ObjectNode> change) {
    return Arguments.of(message, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void huggingFaceFaults(String message, Consumer<ObjectNode> change) throws IOException {
    new ModelCopy("hf-vit", folder).config(change);
    assertRefused(folder, folder.resolve("config.json") + ": ", message);
  }

  static Stream<Arguments> timmFaults() {
    return Stream.of(
        fault(
            "unknown architecture 'vit_tiny_patch16'; the nearest known are vit_tiny_patch16_",
            c -> c.put("architecture", "vit_tiny_patch16")),
        fault("model_args has the key 'rope'", c -> arguments(c).put("rope", true)),
        fault(
            "model_args.qk_norm is true; vitj implements false only",
            c -> arguments(c).put("qk_norm", true)),
        fault(
            "model_args.embed_dim must be an integer, not \"24\"",
            c -> arguments(c).put("embed_dim", "24")),
        fault("model_args.mlp_ratio must be a number", c -> arguments(c).put("mlp_ratio", "4")),
        fault("MLP hidden width must lie in 1", c -> arguments(c).put("mlp_ratio", 0)),
        fault(
            "model_args.global_pool must be \"token\", \"avg\", \"map\" or \"\", not \"max\"",
            c -> arguments(c).put("global_pool", "max")),
        fault(
            "pooling by attention takes patches alone",
            c -> arguments(c).put("global_pool", "map")),
        fault("model_args.mlp_layer must be", c -> arguments(c).put("mlp_layer", "GluMlp")),
        fault("model_args.act_layer must be", c -> arguments(c).put("act_layer", "mish")),
        fault("model_args.pos_embed must be", c -> arguments(c).put("pos_embed", "rope")),
        fault(
            "model_args.patch_size must be square",
            c -> arguments(c).putArray("patch_size").add(8).add(4)),
        fault("model_args must be an object, not 5", c -> c.put("model_args", 5)),
        fault(
            "pretrained_cfg.input_size must be a list of channels, height and width",
            c -> ((ObjectNode) c.get("pretrained_cfg")).putArray("input_size").add(24)),
        fault(
            "label_names has 2 labels, but the head has 10 classes",
            c -> c.putArray("label_names").add("a").add("b")));
  }

  private static ObjectNode arguments(ObjectNode config) {
    return (ObjectNode) config.get("model_args");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void timmFaults(String message, Consumer<ObjectNode> change) throws IOException {
    new ModelCopy("timm-vit", folder).config(change);
    assertRefused(folder, folder.resolve("config.json") + ": ", message);
  }

  @Test
  void distilledModelsPoolByToken() throws IOException {
    new ModelCopy("timm-deit-distilled", folder).config(c -> c.put("global_pool", "avg"));
    assertRefused(folder, "global_pool must be \"token\" in a distilled model, not \"avg\"");
  }

  @ParameterizedTest
  @CsvSource({
    "gelu, GELU_ERF",
    "gelu_new, GELU_TANH",
    "gelu_pytorch_tanh, GELU_TANH",
    "gelu_fast, GELU_TANH",
    "quick_gelu, QUICK_GELU",
    "silu, SILU",
    "swish, SILU",
    "relu, RELU"
  })
  void huggingFaceActivations(String name, Activation activation) throws IOException {
    new ModelCopy("hf-vit", folder).config(c -> c.put("hidden_act", name));
    try (ModelDirectory model = ModelDirectory.open(folder)) {
      assertThat(model.config().activation()).isEqualTo(activation);
    }
  }

  @Test
  void absentFieldsOfHuggingFaceHaveTheDefaultsOfTheirClass() throws IOException {
    ModelCopy copy = new ModelCopy("hf-vit-pooler", folder);
    copy.config(
        c ->
            c.remove(
                List.of(
                    "qkv_bias",
                    "num_channels",
                    "hidden_act",
                    "architectures",
                    "layer_norm_eps",
                    "pooler_act",
                    "pooler_output_size")));
    copy.config(c -> c.putArray("architectures").add("ViTModel"));
    try (ModelDirectory model = ModelDirectory.open(folder);
        ModelDirectory original = ModelDirectory.open(Fixtures.path("hf-vit-pooler"))) {
      assertThat(model.config()).isEqualTo(original.config());
    }
  }

  @Test
  void aHuggingFaceClassifierWithoutLabelsHasTwoClasses() throws IOException {
    new ModelCopy("hf-vit", folder).config(c -> c.remove("id2label"));
    assertRefused(folder, "classifier.weight is (7, 24) instead of (2, 24)");
  }

  @Test
  void timmLabels() throws IOException {
    new ModelCopy("timm-vit", folder)
        .config(
            c -> {
              for (int i = 0; i < 10; i++) {
                c.withArray("label_names").add("n" + i);
              }
              c.putObject("label_descriptions").put("n3", "three").put("n4", "four");
            });
    try (ModelDirectory model = ModelDirectory.open(folder)) {
      assertThat(model.labels())
          .containsExactly("n0", "n1", "n2", "three", "four", "n5", "n6", "n7", "n8", "n9");
    }
  }

  @Test
  void timmLabelsMayHaveGaps() throws IOException {
    new ModelCopy("timm-vit", folder)
        .config(c -> c.putObject("label_names").put("2", "two").put("9", "nine"));
    try (ModelDirectory model = ModelDirectory.open(folder)) {
      assertThat(model.labels()).hasSize(10).contains("class 0", "two", "nine");
    }
  }

  @Test
  void configsFromBeforeTimm09AreFlat() throws IOException {
    new ModelCopy("timm-vit", folder)
        .config(
            c -> {
              ObjectNode pretrained = (ObjectNode) c.remove("pretrained_cfg");
              c.remove(List.of("num_classes", "global_pool"));
              c.setAll(pretrained);
            });
    try (ModelDirectory model = ModelDirectory.open(folder);
        ModelDirectory original = ModelDirectory.open(Fixtures.path("timm-vit"))) {
      assertThat(model.config()).isEqualTo(original.config());
      assertThat(model.preprocessing().kind()).isEqualTo(Preprocessing.Kind.TIMM);
      assertThat(model.preprocessing().json().path("crop_pct").asDouble()).isEqualTo(0.9);
    }
  }

  private static void assertRefused(Path directory, String... parts) {
    assertThatThrownBy(() -> ModelDirectory.open(directory).close())
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(directory.toString())
        .message()
        .contains(parts)
        .doesNotContain("\n");
  }
}
