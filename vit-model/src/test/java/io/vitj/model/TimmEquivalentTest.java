package io.vitj.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ViTConfig.Pooling;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimmEquivalentTest {
  private static ViTConfig config(TimmEquivalent timm) {
    return Presets.arguments(timm.architecture()).with(timm.arguments()).config();
  }

  @Test
  void presetsNeedNoArguments() {
    for (String name : Presets.names()) {
      TimmEquivalent timm = TimmEquivalent.of(Presets.config(name), name).orElseThrow();
      assertThat(timm.architecture()).isEqualTo(name);
      assertThat(timm.arguments()).as(name).isEmpty();
    }
  }

  @Test
  void theNearestArchitectureIsTaken() {
    ViTConfig config =
        Presets.config("vit_small_patch16_224").toBuilder().classes(5).layerNormEps(1e-12f).build();
    TimmEquivalent timm = TimmEquivalent.of(config, "ViTForImageClassification").orElseThrow();
    assertThat(timm.architecture()).isEqualTo("vit_small_patch16_224");
    assertThat(timm.arguments().toString()).isEqualTo("{\"num_classes\":5}");
  }

  @Test
  void otherSizesOfAnArchitectureKeepItsKind() {
    for (String name :
        List.of("vit_giant_patch14_dinov2", "eva02_tiny_patch14_224", "beit_base_patch16_224")) {
      ViTConfig config =
          Presets.config(name).toBuilder().width(48).heads(3).depth(2).mlpHidden(148).build();
      TimmEquivalent timm = TimmEquivalent.of(config, name).orElseThrow();
      assertThat(timm.architecture()).isEqualTo(name);
      assertThat(config(timm)).isEqualTo(config);
    }
    RelativePositions tables = new RelativePositions(false, RelativePositions.Resampling.BILINEAR);
    ViTConfig beit =
        Presets.config("beit_base_patch16_224").toBuilder().relativePositions(tables).build();
    assertThat(TimmEquivalent.of(beit, "BeitForImageClassification").orElseThrow().architecture())
        .isEqualTo("beit_base_patch16_224");
  }

  @Test
  void everyArgumentIsFound() {
    ViTConfig config =
        ViTConfig.builder()
            .imageHeight(48)
            .imageWidth(32)
            .patch(8)
            .channels(1)
            .width(60)
            .depth(3)
            .heads(5)
            .mlpHidden(131)
            .classes(0)
            .qkvBias(false)
            .layerScale(true)
            .registerTokens(3)
            .positions(ViTConfig.Positions.PATCHES_ONLY)
            .activation(io.vitj.tensor.kernel.Activation.SILU)
            .pooling(Pooling.AVG)
            .finalNorm(true)
            .fcNorm(false)
            .build();
    TimmEquivalent timm = TimmEquivalent.of(config, "mine").orElseThrow();
    assertThat(config(timm)).isEqualTo(config);
    ObjectNode arguments = timm.arguments();
    for (String key : arguments.properties().stream().map(e -> e.getKey()).toList()) {
      ObjectNode without = arguments.deepCopy();
      without.remove(key);
      assertThat(config(new TimmEquivalent(timm.architecture(), without)))
          .as(key)
          .isNotEqualTo(config);
    }
  }

  @Test
  void whatTimmLacksHasNone() {
    ViTConfig config = ViTConfig.builder().classes(0).build();
    assertThat(TimmEquivalent.of(config, "")).isPresent();
    assertThat(TimmEquivalent.of(config.toBuilder().poolerWidth(8).build(), "")).isEmpty();
    assertThat(TimmEquivalent.of(config.toBuilder().projectionWidth(8).build(), "")).isEmpty();
    assertThat(TimmEquivalent.of(config.toBuilder().layerNormEps(1e-3f).build(), "")).isEmpty();
    assertThat(TimmEquivalent.of(config.toBuilder().pooling(Pooling.TOKEN_AND_AVG).build(), ""))
        .isEmpty();
  }
}
