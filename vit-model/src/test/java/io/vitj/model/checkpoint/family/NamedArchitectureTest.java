package io.vitj.model.checkpoint.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.Fixtures;
import io.vitj.model.ModelException;
import io.vitj.model.Parameter;
import io.vitj.model.Presets;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.checkpoint.SafetensorsWriter;
import io.vitj.tensor.DType;
import io.vitj.tensor.Tensor;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights without a config, whose architecture the user names. */
class NamedArchitectureTest {
  @TempDir private Path folder;

  private Path write(ViTConfig config) {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (Parameter parameter : config.parameters()) {
      writer.add(
          parameter.name(),
          DType.F32,
          parameter.shape(),
          arena -> Tensor.allocate(arena, parameter.shape()));
    }
    Path file = folder.resolve("model.safetensors");
    writer.write(file);
    return file;
  }

  @Test
  void classesPoolingAndImageSizeFollowFromTheWeights() {
    ViTConfig preset = Presets.config("vit_tiny_patch16_224");
    ViTConfig tuned =
        preset.toBuilder()
            .image(48)
            .classes(3)
            .pooling(Pooling.AVG)
            .finalNorm(false)
            .fcNorm(true)
            .build();
    for (ViTConfig config :
        new ViTConfig[] {preset, tuned, preset.toBuilder().classes(0).build()}) {
      try (ModelDirectory model = ModelDirectory.open(write(config), "vit_tiny_patch16_224")) {
        assertThat(model.config()).isEqualTo(config);
        assertThat(model.labels()).hasSize(config.classes());
        assertThat(model.preprocessing().json().path("mean").path(0).asDouble()).isEqualTo(0.5);
      }
    }
    try (ModelDirectory model = ModelDirectory.open(folder, "deit_tiny_patch16_224")) {
      assertThat(model.preprocessing().json().path("mean").path(0).asDouble()).isEqualTo(0.485);
      assertThat(model.preprocessing().json().path("crop_pct").asDouble()).isEqualTo(0.9);
    }
  }

  /** timm's pretrained_cfg of these names, 0.9 too where CLIP's own code crops nothing. */
  @ParameterizedTest
  @CsvSource({
    "vit_base_patch16_224.augreg_in21k, 0.5, 0.9",
    "vit_base_patch16_224.dino, 0.485, 0.9",
    "vit_base_patch16_224.mae, 0.485, 0.9",
    "vit_base_patch16_384, 0.5, 1.0",
    "deit3_base_patch16_224.fb_in1k, 0.485, 0.9",
    "vit_small_patch14_reg4_dinov2, 0.485, 1.0",
    "vit_huge_patch14_gap_224.in1k_ijepa, 0.485, 0.9",
    "vit_base_patch32_clip_quickgelu_224.openai, 0.48145466, 0.9",
    "vit_large_patch14_clip_224.laion2b, 0.5, 1.0",
    "vit_large_patch14_clip_224.openai, 0.48145466, 1.0",
    "eva_large_patch14_196.in22k_ft_in1k, 0.48145466, 1.0",
  })
  void preprocessingFollowsTheName(String name, double mean, double crop) {
    ObjectNode description = NamedArchitecture.preprocessing(name, Presets.config(name));
    assertThat(description.path("mean").path(0).asDouble()).isEqualTo(mean);
    assertThat(description.path("crop_pct").asDouble()).isEqualTo(crop);
  }

  @Test
  void whatDoesNotFitIsNamed() {
    Path base = Fixtures.format("base");
    assertRefused(base, "vit_huge", "unknown architecture 'vit_huge'");
    assertRefused(
        base, "vit_tiny_patch16_224", "(vit_tiny_patch16_224, timm ViT): 120 tensors missing");
    Path wide =
        write(
            Presets.config("vit_tiny_patch16_224").toBuilder()
                .imageHeight(32)
                .imageWidth(64)
                .build());
    assertRefused(
        wide, "vit_tiny_patch16_224", "positions are for 8 patches, which make no square");
    assertRefused(
        Fixtures.format("google"), "vit_tiny_patch16_224", "says its architecture itself");
  }

  private static void assertRefused(Path model, String architecture, String message) {
    assertThatThrownBy(() -> ModelDirectory.open(model, architecture).close())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }
}
