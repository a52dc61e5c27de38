package io.vitj.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
      deit3_small_patch16_224 22059496
      deit3_small_patch16_384 22205416
      deit3_medium_patch16_224 38849512
      deit3_base_patch16_224 86585320
      deit3_base_patch16_384 86877160
      deit3_large_patch16_224 304374760
      deit3_large_patch16_384 304763880
      deit3_huge_patch14_224 632126440
      vit_small_patch14_dinov2 22441192
      vit_small_patch14_reg4_dinov2 22442344
      vit_base_patch14_dinov2 87348712
      vit_base_patch14_reg4_dinov2 87351016
      vit_large_patch14_dinov2 305392616
      vit_large_patch14_reg4_dinov2 305395688
      vit_xsmall_patch16_clip_224 8402920
      vit_medium_patch16_clip_224 38838248
      vit_medium_patch32_clip_224 39942632
      vit_betwixt_patch32_clip_224 61724520
      vit_base_patch16_clip_224 86568424
      vit_base_patch16_clip_quickgelu_224 86568424
      vit_base_patch16_clip_384 86860264
      vit_base_patch32_clip_224 88225000
      vit_base_patch32_clip_quickgelu_224 88225000
      vit_base_patch32_clip_256 88236520
      vit_base_patch32_clip_384 88297960
      vit_base_patch32_clip_448 88337896
      vit_base_patch16_plus_clip_240 117537384
      vit_large_patch14_clip_224 304204776
      vit_large_patch14_clip_quickgelu_224 304204776
      vit_large_patch14_clip_336 304532456
      vit_large_patch14_clip_quickgelu_336 304532456
      vit_huge_patch14_clip_224 632047080
      vit_huge_patch14_clip_quickgelu_224 632047080
      vit_huge_patch14_clip_336 632456680
      vit_huge_patch14_clip_378 632652520
      vit_huge_patch14_clip_quickgelu_378 632652520
      vit_giant_patch14_clip_224 1012612840
      vit_gigantic_patch14_clip_224 1844442344
      vit_gigantic_patch14_clip_quickgelu_224 1844442344
      vit_gigantic_patch14_clip_378 1845229416
      vit_wee_patch16_reg1_gap_256 13422568
      vit_little_patch16_reg1_gap_256 22515048
      vit_little_patch16_reg4_gap_256 22516008
      vit_medium_patch16_gap_240 38845416
      vit_medium_patch16_gap_256 38861288
      vit_medium_patch16_reg1_gap_256 38880232
      vit_medium_patch16_reg4_gap_256 38881768
      vit_medium_patch16_gap_384 39025128
      vit_betwixt_patch16_gap_256 60372840
      vit_betwixt_patch16_reg1_gap_256 60396520
      vit_betwixt_patch16_reg4_gap_256 60398440
      vit_betwixt_patch16_reg4_gap_384 60603240
      vit_mediumd_patch16_reg4_gap_256 64109032
      vit_mediumd_patch16_reg4_gap_384 64272872
      vit_base_patch16_gap_224 86566120
      vit_base_patch16_reg4_gap_256 86615272
      vit_so150m_patch16_reg4_gap_256 134131560
      vit_so150m_patch16_reg4_gap_384 134418280
      vit_so150m2_patch16_reg1_gap_256 136059560
      vit_so150m2_patch16_reg1_gap_384 136325800
      vit_so150m2_patch16_reg1_gap_448 136498856
      vit_huge_patch14_gap_224 632043240
      vit_huge_patch16_gap_448 632949480
      vit_giant_patch16_gap_224 1012777576
      test_vit 371240
      test_vit2 455720
      flexivit_small 22061416
      vit_small_patch16_36x1_224 64665448
      flexivit_base 86589160
      vit_base_patch16_plus_240 117557992
      vit_base_patch32_plus_256 119478120
      eva_large_patch14_196 304142312
      flexivit_large 304355304
      eva_large_patch14_336 304531432
      vit_intern300m_patch14_448 305037288
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
      Matcher patch = Pattern.compile("_patch(\\d+)").matcher(name);
      assertThat(!patch.find() || Integer.parseInt(patch.group(1)) == config.patch()).isTrue();
      Matcher side = Pattern.compile("_(\\d{3})$").matcher(name);
      assertThat(!side.find() || Integer.parseInt(side.group(1)) == config.imageHeight()).isTrue();
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
