package io.vitj.model.checkpoint.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vitj.model.Fixtures;
import io.vitj.model.ModelException;
import io.vitj.model.Parameter;
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
import io.vitj.model.image.GridResampling;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.Activation;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The families of checkpoints, on the fixtures. */
class FamiliesTest {
  static final List<String> ALL = Fixtures.ALL;

  /** Text towers, decoders, and what training puts in place of masked patches. */
  private static final Pattern UNUSED =
      Pattern.compile("mask_token|decoder|^text_|logit_scale|^token_embedding");

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

  private static void assertConfig(
      String fixture, ViTConfigBuilder expected, String family, String architecture) {
    try (ModelDirectory model = ModelDirectory.open(Fixtures.path(fixture))) {
      assertThat(model.config()).isEqualTo(expected.build());
      assertThat(model.weights().config()).isEqualTo(model.config());
      assertThat(model.family()).isEqualTo(family);
      assertThat(model.architecture()).isEqualTo(architecture);
    }
  }

  /** A row for each family: what its smallest model is. */
  static Stream<Arguments> otherFamilies() {
    return Stream.of(
        arguments(
            "timm-deit3",
            "timm ViT",
            tiny(2).classes(10).positions(Positions.PATCHES_ONLY).layerScale(true)),
        arguments(
            "timm-dinov2-reg4",
            "timm ViT",
            tiny(2).registerTokens(4).positions(Positions.PATCHES_ONLY).layerScale(true)),
        arguments(
            "timm-clip-quickgelu",
            "timm ViT",
            tiny(2)
                .classes(10)
                .preNorm(true)
                .patchBias(false)
                .layerNormEps(1e-5f)
                .activation(Activation.QUICK_GELU)),
        arguments(
            "hf-dinov2",
            "Hugging Face DINOv2",
            tiny(2)
                .classes(7)
                .mlpHidden(36)
                .pooling(Pooling.TOKEN_AND_AVG)
                .positions(Positions.ALL_BUT_REGISTERS)
                .positionResampling(GridResampling.BICUBIC)
                .layerScale(true)),
        arguments(
            "hf-dinov2-registers",
            "Hugging Face DINOv2 with registers",
            tiny(2)
                .registerTokens(2)
                .mlpHidden(36)
                .positions(Positions.ALL_BUT_REGISTERS)
                .layerScale(true)),
        arguments(
            "hf-vit-mae-encoder",
            "Hugging Face ViT-MAE",
            tiny(2).mlpHidden(40).layerNormEps(1e-12f).positionResampling(GridResampling.BICUBIC)),
        arguments(
            "hf-clip-vision",
            "Hugging Face CLIP",
            tiny(2)
                .mlpHidden(40)
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
            tiny(2).registerTokens(4).positions(Positions.ALL_BUT_REGISTERS).layerScale(true)),
        arguments(
            "original-deit3",
            "DeiT III",
            tiny(2).classes(10).positions(Positions.PATCHES_ONLY).layerScale(true)),
        arguments("original-mae", "MAE", tiny(2)),
        arguments(
            "original-clip",
            "CLIP",
            tiny(2)
                .preNorm(true)
                .patchBias(false)
                .layerNormEps(1e-5f)
                .activation(Activation.QUICK_GELU)
                .projectionWidth(8)));
  }

  /** The rows of those whose blocks or positions are of another kind. */
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
  @MethodSource({"otherFamilies", "gatedAndPositioned"})
  void others(String fixture, String family, ViTConfigBuilder expected) {
    try (ModelDirectory model = ModelDirectory.open(Fixtures.path(fixture))) {
      assertThat(model.config()).isEqualTo(expected.build());
      assertThat(model.family()).isEqualTo(family);
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
}
