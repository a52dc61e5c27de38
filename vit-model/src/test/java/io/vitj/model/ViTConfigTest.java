package io.vitj.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfig.Positions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViTConfigTest {
  @Test
  void defaultIsViTBase16() {
    ViTConfig config = ViTConfig.builder().build();
    assertThat(config).isEqualTo(Presets.config("vit_base_patch16_224"));
    assertThat(config.gridHeight()).isEqualTo(14);
    assertThat(config.tokens()).isEqualTo(197);
    assertThat(config.headWidth()).isEqualTo(64);
    assertThat(config.toBuilder().build()).isEqualTo(config);
  }

  @Test
  void tokensFollowFromTheParts() {
    ViTConfig config =
        ViTConfig.builder()
            .imageHeight(32)
            .imageWidth(48)
            .distillationToken(true)
            .registerTokens(4)
            .build();
    assertThat(config.patches()).isEqualTo(6);
    assertThat(config.prefixTokens()).isEqualTo(6);
    assertThat(config.tokens()).isEqualTo(12);
    assertThat(config.positionCount()).isEqualTo(12);
    ViTConfig patchesOnly = config.toBuilder().positions(Positions.PATCHES_ONLY).build();
    assertThat(patchesOnly.positionCount()).isEqualTo(6);
    assertThat(config.toBuilder().positions(Positions.NONE).build().positionCount()).isZero();
  }

  /** The reference is torch.utils.flop_counter on timm's models, which counts by the same rule. */
  @ParameterizedTest
  @CsvSource({
    "vit_tiny_patch16_224, 2507366400",
    "vit_base_patch16_224, 35127656448",
    "vit_large_patch16_384, 382132600832",
    "deit_small_distilled_patch16_224, 9248280576",
  })
  void flopsAreThoseOfTorch(String preset, long flops) {
    assertThat(Presets.config(preset).flops()).isEqualTo(flops);
  }

  @Test
  void everyOptionHasItsParameters() {
    ViTConfig config =
        ViTConfig.builder()
            .image(32)
            .width(8)
            .heads(2)
            .depth(1)
            .mlpHidden(12)
            .classes(3)
            .distillationToken(true)
            .distilledHead(true)
            .registerTokens(4)
            .preNorm(true)
            .patchBias(false)
            .qkvBias(false)
            .layerScale(true)
            .finalNorm(false)
            .fcNorm(true)
            .poolerWidth(5)
            .build();
    assertThat(config.parameters().stream().map(p -> p.name() + ' ' + p.shape()))
        .containsExactly(
            "cls_token (1, 1, 8)",
            "dist_token (1, 1, 8)",
            "reg_token (1, 4, 8)",
            "pos_embed (1, 10, 8)",
            "patch_embed.proj.weight (8, 3, 16, 16)",
            "norm_pre.weight (8)",
            "norm_pre.bias (8)",
            "blocks.0.norm1.weight (8)",
            "blocks.0.norm1.bias (8)",
            "blocks.0.attn.qkv.weight (24, 8)",
            "blocks.0.attn.proj.weight (8, 8)",
            "blocks.0.attn.proj.bias (8)",
            "blocks.0.ls1.gamma (8)",
            "blocks.0.norm2.weight (8)",
            "blocks.0.norm2.bias (8)",
            "blocks.0.mlp.fc1.weight (12, 8)",
            "blocks.0.mlp.fc1.bias (12)",
            "blocks.0.mlp.fc2.weight (8, 12)",
            "blocks.0.mlp.fc2.bias (8)",
            "blocks.0.ls2.gamma (8)",
            "fc_norm.weight (8)",
            "fc_norm.bias (8)",
            "pooler.dense.weight (5, 8)",
            "pooler.dense.bias (5)",
            "head.weight (3, 5)",
            "head.bias (3)",
            "head_dist.weight (3, 5)",
            "head_dist.bias (3)");
  }

  @Test
  void contradictionsAreNamedWithBothValues() {
    assertRefused(ViTConfig.builder().heads(7), "heads 7, width 768");
    assertRefused(ViTConfig.builder().imageWidth(15), "patch 16, image 224 x 15");
    assertRefused(ViTConfig.builder().depth(0), "depth must lie in 1 to 4096, not 0");
    assertRefused(ViTConfig.builder().classes(-1), "classes must lie in 0 to 1048576, not -1");
    assertRefused(ViTConfig.builder().layerNormEps(0), "epsilon", "0.0");
    assertRefused(ViTConfig.builder().layerNormEps(Float.NaN), "epsilon", "NaN");
    assertRefused(ViTConfig.builder().classToken(false), "pooling by token", "class token");
    assertRefused(
        ViTConfig.builder().classToken(false).pooling(Pooling.AVG).distillationToken(true),
        "distillation token",
        "class token");
    assertRefused(ViTConfig.builder().distilledHead(true), "token false, classes 1000");
    assertRefused(ViTConfig.builder().pooling(Pooling.NONE), "1000 classes", "NONE");
    assertRefused(ViTConfig.builder().image(1 << 15).patch(1), "32768 x 32768", "1048576");
  }

  private static void assertRefused(ViTConfigBuilder builder, String... parts) {
    assertThatThrownBy(builder::build)
        .isInstanceOf(ModelException.class)
        .message()
        .contains(parts)
        .doesNotContain("\n");
  }
}
