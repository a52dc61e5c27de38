package io.vitj.model.checkpoint.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.Fixtures;
import io.vitj.model.ModelBundle;
import io.vitj.model.ModelException;
import io.vitj.model.Parameter;
import io.vitj.model.Presets;
import io.vitj.model.RelativePositions;
import io.vitj.model.RelativePositions.Resampling;
import io.vitj.model.Rotary;
import io.vitj.model.Rotary.Coordinates;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfig.MlpKind;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.ViTConfig.QkvBias;
import io.vitj.model.ViTConfigBuilder;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.checkpoint.SafetensorsWriter;
import io.vitj.model.image.GridResampling;
import io.vitj.tensor.DType;
import io.vitj.tensor.HalfFloat;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.Activation;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The layouts of checkpoints, on the fixtures and on copies of them that are changed. */
class FamiliesTest {
  static final List<String> ALL = Fixtures.ALL;

  /** Text towers, decoders, and what training puts in place of masked patches. */
  private static final Pattern UNUSED =
      Pattern.compile("mask_token|decoder|^text_|logit_scale|^token_embedding");

  @TempDir private Path folder;

  private static ViTConfigBuilder small(boolean timm) {
    return ViTConfig.builder()
        .image(24)
        .patch(8)
        .width(24)
        .depth(2)
        .heads(4)
        .mlpHidden(timm ? 96 : 76)
        .classes(timm ? 10 : 7)
        .layerNormEps(timm ? 1e-6f : 1e-12f)
        .positionResampling(timm ? GridResampling.ANTIALIASED : GridResampling.BICUBIC);
  }

  @Test
  void timm() {
    assertConfig("timm-vit", small(true), "timm ViT", "vit_tiny_patch16_224");
    assertConfig(
        "timm-vit-avgpool",
        small(true).pooling(Pooling.AVG).finalNorm(false).fcNorm(true),
        "timm ViT",
        "vit_tiny_patch16_224");
    assertConfig(
        "timm-deit-distilled",
        small(true).distillationToken(true).distilledHead(true),
        "timm ViT",
        "deit_tiny_distilled_patch16_224");
  }

  @Test
  void huggingFace() {
    assertConfig("hf-vit", small(false), "Hugging Face ViT", "ViTForImageClassification");
    assertConfig(
        "hf-vit-pooler", small(false).classes(0).poolerWidth(24), "Hugging Face ViT", "ViTModel");
    assertConfig(
        "hf-deit-distilled",
        small(false).distillationToken(true).distilledHead(true),
        "Hugging Face DeiT",
        "DeiTForImageClassificationWithTeacher");
  }

  /** A row for each family: what its smallest model is. */
  static Stream<Arguments> otherFamilies() {
    ViTConfigBuilder[] b = new ViTConfigBuilder[11];
    Arrays.setAll(
        b,
        i ->
            ViTConfig.builder()
                .image(16)
                .patch(4)
                .width(12)
                .depth(1)
                .heads(2)
                .mlpHidden(48)
                .classes(0));
    return Stream.of(
        arguments(
            "timm-deit3",
            "timm ViT",
            b[0].classes(10).positions(Positions.PATCHES_ONLY).layerScale(true)),
        arguments(
            "timm-dinov2-reg4",
            "timm ViT",
            b[1].registerTokens(4).positions(Positions.PATCHES_ONLY).layerScale(true)),
        arguments(
            "timm-clip-quickgelu",
            "timm ViT",
            b[2].classes(10)
                .preNorm(true)
                .patchBias(false)
                .layerNormEps(1e-5f)
                .activation(Activation.QUICK_GELU)),
        arguments(
            "hf-dinov2",
            "Hugging Face DINOv2",
            b[3].classes(7)
                .mlpHidden(36)
                .pooling(Pooling.TOKEN_AND_AVG)
                .positions(Positions.ALL_BUT_REGISTERS)
                .positionResampling(GridResampling.BICUBIC)
                .layerScale(true)),
        arguments(
            "hf-dinov2-registers",
            "Hugging Face DINOv2 with registers",
            b[4].registerTokens(2)
                .mlpHidden(36)
                .positions(Positions.ALL_BUT_REGISTERS)
                .layerScale(true)),
        arguments(
            "hf-vit-mae-encoder",
            "Hugging Face ViT-MAE",
            b[5].mlpHidden(40).layerNormEps(1e-12f).positionResampling(GridResampling.BICUBIC)),
        arguments(
            "hf-clip-vision",
            "Hugging Face CLIP",
            b[6].mlpHidden(40)
                .preNorm(true)
                .patchBias(false)
                .layerNormEps(1e-5f)
                .activation(Activation.QUICK_GELU)
                .finalNorm(false)
                .fcNorm(true)
                .projectionWidth(8)
                .positionResampling(GridResampling.BICUBIC)),
        arguments(
            "original-dinov2-reg4",
            "DINOv2",
            b[7].registerTokens(4).positions(Positions.ALL_BUT_REGISTERS).layerScale(true)),
        arguments(
            "original-deit3",
            "DeiT III",
            b[8].classes(10).positions(Positions.PATCHES_ONLY).layerScale(true)),
        arguments("original-mae", "MAE", b[9]),
        arguments(
            "original-clip",
            "CLIP",
            b[10]
                .preNorm(true)
                .patchBias(false)
                .layerNormEps(1e-5f)
                .activation(Activation.QUICK_GELU)
                .projectionWidth(8)));
  }

  @ParameterizedTest
  @MethodSource("otherFamilies")
  void others(String fixture, String family, ViTConfigBuilder expected) {
    try (ModelDirectory model = ModelDirectory.open(Fixtures.path(fixture))) {
      assertThat(model.config()).isEqualTo(expected.build());
      assertThat(model.family()).isEqualTo(family);
    }
  }

  private static void assertConfig(
      String fixture, ViTConfigBuilder expected, String family, String architecture) {
    try (ModelDirectory model = ModelDirectory.open(Fixtures.path(fixture))) {
      assertThat(model.config()).isEqualTo(expected.build());
      assertThat(model.weights().config()).isEqualTo(model.config());
      assertThat(model.family()).isEqualTo(family);
      assertThat(model.architecture()).isEqualTo(architecture);
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void everyParameterIsThereOnce(String fixture) {
    try (ModelDirectory model = ModelDirectory.open(Fixtures.path(fixture))) {
      for (Parameter parameter : model.config().parameters()) {
        try (Arena arena = Arena.ofConfined()) {
          Tensor tensor = model.weights().get(parameter.name(), arena);
          assertThat(tensor.shape()).isEqualTo(parameter.shape());
        }
      }
      long stored =
          model.checkpoint().tensors().values().stream()
              .filter(tensor -> !UNUSED.matcher(tensor.name()).find())
              .mapToLong(tensor -> tensor.shape().elements())
              .sum();
      assertThat(model.config().parameterCount()).isEqualTo(stored);
    }
  }

  static Stream<Arguments> gatedAndPositioned() {
    Resampling timm = Resampling.GEOMETRIC;
    Rotary eva = new Rotary(Coordinates.INDEX, 10000, 16, 16, true);
    Rotary dinov3 = new Rotary(Coordinates.CENTRE, 100, 0, 0, false);
    return Stream.of(
        arguments(
            "timm-dinov2-swiglu",
            "timm ViT",
            tiny(2).mlpKind(MlpKind.SWIGLU).mlpHidden(18).layerScale(true)),
        arguments("timm-beit", "timm BEiT and EVA", beit(10, timm)),
        arguments("timm-eva02", "timm BEiT and EVA", eva02(eva)),
        arguments("original-eva02", "timm BEiT and EVA", eva02(eva)),
        arguments("timm-dinov3", "timm BEiT and EVA", dinov3(dinov3, 4).pooling(Pooling.AVG)),
        arguments(
            "timm-siglip-map", "timm ViT", tiny(2).classToken(false).pooling(Pooling.ATTENTION)),
        arguments(
            "hf-beit",
            "Hugging Face BEiT",
            beit(7, Resampling.BILINEAR)
                .mlpHidden(40)
                .layerNormEps(1e-12f)
                .positionResampling(GridResampling.BICUBIC)),
        arguments(
            "hf-dinov3",
            "Hugging Face DINOv3",
            dinov3(dinov3, 2)
                .mlpKind(MlpKind.SWIGLU_APART)
                .mlpHidden(40)
                .activation(Activation.SILU)
                .positionResampling(GridResampling.BICUBIC)),
        arguments(
            "hf-siglip-vision",
            "Hugging Face SigLIP",
            tiny(2)
                .image(18)
                .mlpHidden(40)
                .classToken(false)
                .activation(Activation.GELU_TANH)
                .pooling(Pooling.ATTENTION)
                .positionResampling(GridResampling.BICUBIC)));
  }

  private static ViTConfigBuilder tiny(int heads) {
    return ViTConfig.builder()
        .image(16)
        .patch(4)
        .width(12)
        .depth(1)
        .heads(heads)
        .mlpHidden(48)
        .classes(0);
  }

  private static ViTConfigBuilder beit(int classes, Resampling resampling) {
    return tiny(2)
        .classes(classes)
        .positions(Positions.NONE)
        .qkvBias(QkvBias.QUERY_AND_VALUE)
        .relativePositions(new RelativePositions(false, resampling))
        .layerScale(true)
        .pooling(Pooling.AVG)
        .finalNorm(false)
        .fcNorm(true);
  }

  private static ViTConfigBuilder eva02(Rotary rotary) {
    return tiny(3)
        .classes(10)
        .mlpKind(MlpKind.SWIGLU_APART)
        .mlpHidden(32)
        .mlpNorm(true)
        .attentionNorm(true)
        .qkvBias(QkvBias.QUERY_AND_VALUE)
        .rotary(rotary);
  }

  private static ViTConfigBuilder dinov3(Rotary rotary, int registers) {
    return tiny(3)
        .registerTokens(registers)
        .positions(Positions.NONE)
        .qkvBias(QkvBias.QUERY_AND_VALUE)
        .rotary(rotary)
        .layerScale(true)
        .layerNormEps(1e-5f);
  }

  @ParameterizedTest
  @MethodSource("gatedAndPositioned")
  void ofOtherBlocks(String fixture, String family, ViTConfigBuilder expected) {
    others(fixture, family, expected);
  }

  @Test
  void dinov3AsItsAuthorsStoreIt() throws IOException {
    new ModelCopy("timm-dinov3", folder)
        .tensors(
            (tensors, arena) -> {
              var changed = new TreeMap<String, Tensor>();
              tensors.forEach(
                  (name, tensor) ->
                      changed.put(
                          name.replace("gamma_1", "ls1.gamma")
                              .replace("gamma_2", "ls2.gamma")
                              .replace("reg_token", "storage_tokens"),
                          tensor));
              Tensor bias = Tensor.allocate(arena, Shape.of(36)); // zeros
              bias.slice(0, 12).copyFrom(changed.remove("blocks.0.attn.q_bias"));
              bias.slice(24, 12).copyFrom(changed.remove("blocks.0.attn.v_bias"));
              changed.put("blocks.0.attn.qkv.bias", bias);
              changed.put("blocks.0.attn.qkv.bias_mask", bias);
              changed.put("rope_embed.periods", bias);
              changed.put("mask_token", bias);
              return changed;
            });
    try (ModelDirectory model = ModelDirectory.open(folder);
        ModelDirectory original = ModelDirectory.open(Fixtures.path("timm-dinov3"))) {
      assertThat(model.family()).isEqualTo("DINOv3");
      assertSameWeights(model, original);
    }
  }

  @Test
  void timmNamesStandForThemselves() {
    try (ModelDirectory model = ModelDirectory.open(Fixtures.path("timm-deit-distilled"));
        Arena arena = Arena.ofConfined()) {
      for (Parameter parameter : model.config().parameters()) {
        assertThat(model.weights().get(parameter.name(), arena).toFloats())
            .isEqualTo(model.checkpoint().read(parameter.name(), arena).toFloats());
      }
      assertThatThrownBy(() -> model.weights().get("fc_norm.weight", arena))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("fc_norm.weight");
    }
  }

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

  private static void assertSame(ModelDirectory model, String canonical, String... sources) {
    try (Arena arena = Arena.ofConfined()) {
      int at = 0;
      float[] values = model.weights().get(canonical, arena).toFloats();
      for (String source : sources) {
        for (float value : model.checkpoint().read(source, arena).toFloats()) {
          assertThat(values[at++]).isEqualTo(value);
        }
      }
      assertThat(values).hasSize(at);
      assertThat(model.weights().copy(canonical, arena).toFloats()).isEqualTo(values);
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

  private static void assertSameWeights(ModelDirectory model, ModelDirectory original) {
    assertThat(model.config()).isEqualTo(original.config());
    try (Arena arena = Arena.ofConfined()) {
      for (Parameter parameter : original.config().parameters()) {
        assertThat(model.weights().get(parameter.name(), arena).toFloats())
            .isEqualTo(original.weights().get(parameter.name(), arena).toFloats());
      }
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
  void originalPositionsOfDINOv2HaveAnOffsetWithoutRegisters() throws IOException {
    new ModelCopy("original-dinov2-reg4", folder)
        .config(config -> config.put("architecture", "vit_small_patch14_dinov2"))
        .names(name -> name.equals("register_tokens") ? null : name);
    try (ModelDirectory model = ModelDirectory.open(folder)) {
      assertThat(model.config().positionResampling()).isEqualTo(GridResampling.BICUBIC_OFFSET);
    }
  }

  private static final String OPEN_CLIP =
      """
      {"model_cfg": {"embed_dim": 8, "quick_gelu": true, "text_cfg": {},
        "vision_cfg": {"image_size": 16, "layers": 1, "width": 12, "head_width": 6, "patch_size": 4}},
       "preprocess_cfg": {"mean": [0.1, 0.2, 0.3], "resize_mode": "squash"}}
      """;

  private ModelDirectory openClip(String config) throws IOException {
    Files.writeString(folder.resolve("open_clip_config.json"), config);
    return ModelDirectory.open(folder);
  }

  @Test
  void openClipHasAConfigOfItsOwn() throws IOException {
    Files.delete(new ModelCopy("original-clip", folder).file("config.json"));
    try (ModelDirectory model = openClip(OPEN_CLIP);
        ModelDirectory original = ModelDirectory.open(Fixtures.path("original-clip"))) {
      assertSameWeights(model, original);
      assertThat(model.family()).isEqualTo("open_clip");
    }
    try (ModelBundle bundle = ModelBundle.load(folder)) {
      assertThat(bundle.preprocess())
          .asString()
          .startsWith(
              "resize to 16×16 bicubic, rescale 1/255, normalise mean 0.1 0.2 0.3 std 0.268");
    }
    assertThatThrownBy(() -> openClip(OPEN_CLIP.replace("layers", "attentional_pool")).close())
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(
            folder.resolve("open_clip_config.json") + ": vision_cfg has the key")
        .hasMessageContaining("'attentional_pool'");
    assertThatThrownBy(() -> openClip(OPEN_CLIP.replace(": 6,", ": 5,")).close())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("head_width");
    assertThatThrownBy(() -> openClip("{\"model_cfg\": {}}").close())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("model_cfg has no vision_cfg");
  }

  @Test
  void openClipMayScaleItsLayers() throws IOException {
    ModelCopy copy = new ModelCopy("original-clip", folder);
    Files.delete(copy.file("config.json"));
    String block = "visual.transformer.resblocks.0.";
    copy.tensors(
        (tensors, arena) -> {
          for (String scale : new String[] {"ls_1.gamma", "ls_2.gamma"}) {
            tensors.put(block + scale, Tensor.of(arena, Shape.of(12), new float[12]));
          }
          return tensors;
        });
    String config = OPEN_CLIP.replace("\"layers\"", "\"ls_init_value\": 1e-5, \"layers\"");
    try (ModelDirectory model = openClip(config);
        Arena arena = Arena.ofConfined()) {
      assertThat(model.config().layerScale()).isTrue();
      assertThat(model.weights().get("blocks.0.ls2.gamma", arena).toFloats())
          .isEqualTo(new float[12]);
    }
  }

  @Test
  void openClipMayHaveATowerOfTimm() throws IOException {
    ViTConfig tiny =
        Presets.config("vit_tiny_patch16_224").toBuilder()
            .image(32)
            .classes(0)
            .projectionWidth(5)
            .build();
    SafetensorsWriter writer = new SafetensorsWriter();
    for (Parameter p : tiny.parameters()) {
      String name =
          p.name().equals("projection.weight")
              ? "visual.head.proj.weight"
              : "visual.trunk." + p.name();
      writer.add(name, DType.F32, p.shape(), arena -> Tensor.allocate(arena, p.shape()));
    }
    writer.write(folder.resolve("open_clip_model.safetensors"));
    String vision = "\"vision_cfg\": {\"timm_model_name\": \"vit_tiny_patch16_224\", ";
    String config = "{\"model_cfg\": {\"embed_dim\": 5, " + vision + "\"image_size\": 32}}}";
    try (ModelDirectory model = openClip(config)) {
      assertThat(model.config()).isEqualTo(tiny);
      assertThat(model.architecture()).isEqualTo("vit_tiny_patch16_224");
    }
    assertThatThrownBy(() -> openClip(config.replace("32}", "32, \"timm_proj\": \"mlp\"}")).close())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("timm_proj");
  }

  @ParameterizedTest
  @ValueSource(strings = {"timm-clip-quickgelu", "original-dinov2-reg4", "original-clip"})
  void positionsOfAnotherGridAreResampled(String fixture) throws IOException {
    new ModelCopy(fixture, folder)
        .config(config -> config.withObject("/model_args").putArray("img_size").add(8).add(24));
    try (ModelDirectory model = ModelDirectory.open(folder);
        ModelDirectory original = ModelDirectory.open(Fixtures.path(fixture))) {
      assertThat(model.config()).isEqualTo(original.config().at(8, 24));
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

  @Test
  void everythingThatDoesNotFitIsInOneMessage() throws IOException {
    new ModelCopy("timm-vit", folder)
        .tensors(
            (tensors, arena) -> {
              var changed = new TreeMap<>(tensors);
              changed.remove("norm.bias");
              changed.remove("blocks.1.norm1.weight");
              changed.put("extra\n", tensors.get("head.bias"));
              changed.put("head.bias", tensors.get("norm.weight"));
              return changed;
            });
    assertThatThrownBy(() -> ModelDirectory.open(folder).close())
        .isInstanceOf(ModelException.class)
        .hasMessage(
            folder.resolve("model.safetensors")
                + " does not fit "
                + folder.resolve("config.json")
                + " (vit_tiny_patch16_224, timm ViT):"
                + " 2 tensors missing: blocks.1.norm1.weight, norm.bias;"
                + " 1 tensor not asked for: extra\\u000a;"
                + " 1 tensor of another shape: head.bias is (24) instead of (10)."
                + " Use the config that belongs to this checkpoint");
  }

  @Test
  void aConfigOfAnotherWidthIsShownWithBothShapesAndTheListIsCut() throws IOException {
    new ModelCopy("hf-vit", folder).config(config -> config.put("hidden_size", 48));
    assertThatThrownBy(() -> ModelDirectory.open(folder).close())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("vit.embeddings.cls_token is (1, 1, 24) instead of (1, 1, 48)")
        .hasMessageContaining("37 tensors of another shape")
        .hasMessageContaining(", and 25 more.");
  }

  @Test
  void tensorsOfIntegersAreNoWeights() throws IOException {
    ModelCopy copy = new ModelCopy("timm-vit", folder);
    byte[] file = Files.readAllBytes(copy.file("model.safetensors"));
    String text = new String(file, StandardCharsets.ISO_8859_1);
    String changed = text.replaceFirst("(\"cls_token\":\\{\"dtype\":\")F32", "$1I32");
    Files.write(copy.file("model.safetensors"), changed.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> ModelDirectory.open(folder).close())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("1 tensor not F32, F16, BF16 or F64: cls_token is I32");
  }

  @Test
  void blocksThatAreNotThereAreMissing() throws IOException {
    try (CheckpointFile file =
        CheckpointFile.open(Fixtures.path("timm-vit").resolve("model.safetensors"))) {
      ViTConfig other = small(true).depth(3).build();
      assertThatThrownBy(() -> NameTable.canonical().bind(other, file, "config"))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("12 tensors missing: blocks.2.attn.proj.bias");
    }
  }
}
