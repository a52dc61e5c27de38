package io.vitj.model.checkpoint.family;

import static io.vitj.model.checkpoint.family.WeightAssertions.assertSame;
import static io.vitj.model.checkpoint.family.WeightAssertions.assertSameWeights;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.Fixtures;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfig.QkvBias;
import io.vitj.tensor.DType;
import io.vitj.tensor.HalfFloat;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hugging Face's names, with what a saved model may have or lack. */
class HuggingFaceLayoutsTest {
  @TempDir private Path folder;

  @Test
  void huggingFaceNamesAreMapped() {
    try (ModelDirectory model = ModelDirectory.open(Fixtures.path("hf-deit-distilled"))) {
      String layer = "deit.encoder.layer.1.";
      assertSame(model, "cls_token", "deit.embeddings.cls_token");
      assertSame(model, "dist_token", "deit.embeddings.distillation_token");
      assertSame(model, "pos_embed", "deit.embeddings.position_embeddings");
      assertSame(
          model, "patch_embed.proj.bias", "deit.embeddings.patch_embeddings.projection.bias");
      assertSame(model, "blocks.1.norm1.weight", layer + "layernorm_before.weight");
      assertSame(model, "blocks.1.norm2.bias", layer + "layernorm_after.bias");
      assertSame(model, "blocks.1.attn.proj.weight", layer + "attention.output.dense.weight");
      assertSame(model, "blocks.1.mlp.fc1.weight", layer + "intermediate.dense.weight");
      assertSame(model, "blocks.1.mlp.fc2.weight", layer + "output.dense.weight");
      assertSame(model, "norm.weight", "deit.layernorm.weight");
      assertSame(model, "head.weight", "cls_classifier.weight");
      assertSame(model, "head_dist.bias", "distillation_classifier.bias");
      for (String leaf : List.of("weight", "bias")) {
        assertSame(
            model,
            "blocks.1.attn.qkv." + leaf,
            layer + "attention.attention.query." + leaf,
            layer + "attention.attention.key." + leaf,
            layer + "attention.attention.value." + leaf);
      }
    }
    try (ModelDirectory model = ModelDirectory.open(Fixtures.path("hf-vit-pooler"))) {
      assertSame(model, "pooler.dense.weight", "pooler.dense.weight");
      assertSame(model, "cls_token", "embeddings.cls_token");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hf-vit", "hf-deit-distilled"})
  void thePrefixIsOptional(String fixture) throws IOException {
    new ModelCopy(fixture, folder).names(name -> name.replaceFirst("^(vit|deit)\\.", ""));
    try (ModelDirectory model = ModelDirectory.open(folder);
        ModelDirectory original = ModelDirectory.open(Fixtures.path(fixture))) {
      assertSameWeights(model, original);
    }
  }

  @Test
  void poolerAndMaskTokenOfAClassifierAreNotUsed() throws IOException {
    new ModelCopy("hf-vit", folder)
        .tensors(
            (tensors, arena) -> {
              Tensor token = tensors.get("vit.embeddings.cls_token");
              tensors.put("vit.embeddings.mask_token", token);
              tensors.put("vit.pooler.dense.weight", token);
              tensors.put("vit.pooler.dense.bias", token);
              return tensors;
            });
    try (ModelDirectory model = ModelDirectory.open(folder);
        ModelDirectory original = ModelDirectory.open(Fixtures.path("hf-vit"))) {
      assertSameWeights(model, original);
    }
  }

  @Test
  void aModelSavedWithoutItsPoolerHasNone() throws IOException {
    new ModelCopy("hf-vit-pooler", folder)
        .names(name -> name.startsWith("pooler") ? null : "vit." + name);
    try (ModelDirectory model = ModelDirectory.open(folder)) {
      assertThat(model.config().poolerWidth()).isZero();
    }
  }

  @Test
  void deitWithOneHead() throws IOException {
    new ModelCopy("hf-deit-distilled", folder)
        .config(config -> config.putArray("architectures").add("DeiTForImageClassification"))
        .names(
            name ->
                name.startsWith("distillation_classifier")
                    ? null
                    : name.replace("cls_classifier", "classifier"));
    try (ModelDirectory model = ModelDirectory.open(folder)) {
      assertThat(model.config().distillationToken()).isTrue();
      assertThat(model.config().distilledHead()).isFalse();
      assertThat(model.config().classes()).isEqualTo(7);
      assertSame(model, "head.weight", "classifier.weight");
    }
  }

  @Test
  void deitWithoutAHead() throws IOException {
    new ModelCopy("hf-deit-distilled", folder)
        .config(config -> config.putArray("architectures").add("DeiTModel"))
        .names(name -> name.contains("classifier") ? null : name.substring("deit.".length()));
    try (ModelDirectory model = ModelDirectory.open(folder)) {
      assertThat(model.config().classes()).isZero();
      assertThat(model.labels()).isEmpty();
    }
  }

  @Test
  void towersOfCLIPMayComeAlone() throws IOException {
    new ModelCopy("hf-clip-vision", folder)
        .config(
            config -> {
              ObjectNode vision = (ObjectNode) config.remove("vision_config");
              config.removeAll().setAll(vision);
              config.putArray("architectures").add("CLIPVisionModel");
            })
        .names(
            name ->
                name.startsWith("vision_model.") ? name.substring("vision_model.".length()) : null);
    try (ModelDirectory model = ModelDirectory.open(folder);
        ModelDirectory original = ModelDirectory.open(Fixtures.path("hf-clip-vision"))) {
      assertThat(model.config())
          .isEqualTo(original.config().toBuilder().projectionWidth(0).build());
    }
  }

  @Test
  void classifierOnCLIPTakesTheMeanOfThePatches() throws IOException {
    new ModelCopy("hf-clip-vision", folder)
        .config(
            config -> {
              config.putArray("architectures").add("CLIPForImageClassification");
              config.putObject("id2label").put("0", "a").put("1", "b");
            })
        .tensors(
            (tensors, arena) -> {
              tensors.keySet().removeIf(name -> !name.startsWith("vision_model."));
              tensors.put("classifier.weight", Tensor.allocate(arena, Shape.of(2, 12)));
              tensors.put("classifier.bias", Tensor.allocate(arena, Shape.of(2)));
              return tensors;
            });
    try (ModelDirectory model = ModelDirectory.open(folder)) {
      assertThat(model.config().pooling()).isEqualTo(Pooling.AVG);
      assertThat(model.config().fcNorm()).isFalse();
      assertThat(model.labels()).containsExactly("a", "b");
    }
  }

  @Test
  void queryKeyAndValueMayHaveNoBias() throws IOException {
    new ModelCopy("hf-vit", folder)
        .config(config -> config.put("qkv_bias", false))
        .names(name -> name.matches(".*(query|key|value)\\.bias") ? null : name);
    try (ModelDirectory model = ModelDirectory.open(folder)) {
      assertThat(model.config().qkvBias()).isEqualTo(QkvBias.NONE);
    }
  }

  @Test
  void halvesStayHalvesUntilTheyAreJoined() throws IOException {
    new ModelCopy("hf-vit", folder)
        .tensors(
            (tensors, arena) -> {
              tensors.replaceAll((name, tensor) -> toBf16(tensor, arena));
              return tensors;
            });
    try (ModelDirectory model = ModelDirectory.open(folder);
        Arena arena = Arena.ofConfined()) {
      assertThat(model.weights().get("head.weight", arena).dtype()).isEqualTo(DType.BF16);
      assertThat(model.weights().get("blocks.0.attn.qkv.weight", arena).dtype())
          .isEqualTo(DType.F32);
      assertSame(
          model,
          "blocks.0.attn.qkv.bias",
          "vit.encoder.layer.0.attention.attention.query.bias",
          "vit.encoder.layer.0.attention.attention.key.bias",
          "vit.encoder.layer.0.attention.attention.value.bias");
    }
  }

  private static Tensor toBf16(Tensor tensor, Arena arena) {
    float[] values = tensor.toFloats();
    MemorySegment memory = arena.allocate(2L * values.length, 2);
    IntStream.range(0, values.length)
        .forEach(i -> memory.setAtIndex(ValueLayout.JAVA_SHORT, i, HalfFloat.bf16(values[i])));
    return Tensor.view(memory, 0, DType.BF16, tensor.shape());
  }
}
