package io.vitj.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PresetsTest {
  /** Counted by timm 1.0.29: sum(p.numel()) of create_model(name, num_classes=1000). */
  private static final String COUNTS =
      """
      vit_tiny_patch16_224 5717416
      vit_tiny_patch16_384 5790376
      vit_small_patch32_224 22878952
      vit_small_patch32_384 22915432
      vit_small_patch16_224 22050664
      vit_small_patch16_384 22196584
      vit_small_patch8_224 22055272
      vit_base_patch32_224 88224232
      vit_base_patch32_384 88297192
      vit_base_patch16_224 86567656
      vit_base_patch16_384 86859496
      vit_base_patch8_224 86576872
      vit_large_patch32_224 306535400
      vit_large_patch32_384 306632680
      vit_large_patch16_224 304326632
      vit_large_patch16_384 304715752
      vit_large_patch14_224 304203752
      vit_huge_patch14_224 632045800
      vit_giant_patch14_224 1012611432
      vit_gigantic_patch14_224 1844440680
      vit_base_patch16_224_miil 86540008
      deit_tiny_patch16_224 5717416
      deit_small_patch16_224 22050664
      deit_base_patch16_224 86567656
      deit_base_patch16_384 86859496
      deit_tiny_distilled_patch16_224 5910800
      deit_small_distilled_patch16_224 22436432
      deit_base_distilled_patch16_224 87338192
      deit_base_distilled_patch16_384 87630032
      """;

  @Test
  void everyPresetHasItsParameterCount() {
    String counts =
        Presets.names().stream()
            .map(name -> name + ' ' + Presets.config(name).parameterCount() + '\n')
            .collect(Collectors.joining());
    assertThat(counts).isEqualTo(COUNTS);
  }

  @Test
  void theImageSizeOfTheNameIsThatOfTheConfig() {
    for (String name : Presets.names()) {
      ViTConfig config = Presets.config(name);
      assertThat(name).contains("_patch" + config.patch() + '_' + config.imageHeight());
      assertThat(name.contains("_distilled_")).isEqualTo(config.distilledHead());
    }
  }

  @Test
  void tagsAreIgnored() {
    assertThat(Presets.config("vit_tiny_patch16_224.augreg_in21k_ft_in1k"))
        .isEqualTo(Presets.config("vit_tiny_patch16_224"));
  }

  @Test
  void oldNamesOfImageNet21kModelsHaveItsClasses() {
    ViTConfig config = Presets.config("vit_base_patch16_224_in21k");
    assertThat(config)
        .isEqualTo(Presets.config("vit_base_patch16_224").toBuilder().classes(21843).build());
  }

  @Test
  void anUnknownNameGetsTheNearestOnes() {
    assertThatThrownBy(() -> Presets.config("vit_base_patch16"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("'vit_base_patch16'")
        .hasMessageContaining("vit_base_patch16_224");
    assertThatThrownBy(() -> Presets.config("resnet50_in21k")).isInstanceOf(ModelException.class);
    assertThatThrownBy(() -> Presets.config("")).isInstanceOf(ModelException.class);
    assertThatThrownBy(() -> Presets.config("x".repeat(1_000_000)))
        .isInstanceOf(ModelException.class)
        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(400));
  }
}
