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
      vit_giant_patch14_dinov2 1138016232
      vit_giant_patch14_reg4_dinov2 1138020840
      beit_base_patch16_224 86530984
      beit_base_patch16_384 86744104
      beit_large_patch16_224 304430568
      beit_large_patch16_384 304998888
      beit_large_patch16_512 305674728
      beitv2_base_patch16_224 86530984
      beitv2_large_patch16_224 304430568
      eva_giant_patch14_224 1012555112
      eva_giant_patch14_336 1013005672
      eva_giant_patch14_560 1014447464
      eva_giant_patch14_clip_224 1012555112
      eva02_tiny_patch14_224 5695144
      eva02_tiny_patch14_336 5756584
      eva02_small_patch14_224 22006120
      eva02_small_patch14_336 22129000
      eva02_base_patch14_224 86527720
      eva02_base_patch14_448 87117544
      eva02_large_patch14_224 304293800
      eva02_large_patch14_448 305080232
      eva02_base_patch16_clip_224 86638312
      eva02_large_patch14_clip_224 304342952
      eva02_large_patch14_clip_336 304670632
      vit_medium_patch16_rope_reg1_gap_256 38743016
      vit_mediumd_patch16_rope_reg1_gap_256 63945704
      vit_betwixt_patch16_rope_reg4_gap_256 60226920
      vit_base_patch16_rope_reg1_gap_256 86425576
      vit_tiny_patch16_dinov3_qkvb 5682664
      vit_small_patch16_dinov3 21971944
      vit_small_patch16_dinov3_qkvb 21981160
      vit_small_plus_patch16_dinov3 29068264
      vit_small_plus_patch16_dinov3_qkvb 29077480
      vit_base_patch16_dinov3 86410216
      vit_base_patch16_dinov3_qkvb 86428648
      vit_large_patch16_dinov3 304104424
      vit_large_patch16_dinov3_qkvb 304153576
      vit_huge_plus_patch16_dinov3 841790440
      vit_huge_plus_patch16_dinov3_qkvb 841872360
      vit_7b_patch16_dinov3 6720127976
      vit_base_patch32_siglip_256 95321320
      vit_base_patch16_siglip_224 93653224
      vit_base_patch16_siglip_256 93699304
      vit_base_patch16_siglip_384 93945064
      vit_base_patch16_siglip_512 94289128
      vit_large_patch16_siglip_256 316981224
      vit_large_patch16_siglip_384 317308904
      vit_large_patch16_siglip_512 317767656
      vit_so400m_patch14_siglip_224 428833704
      vit_so400m_patch14_siglip_378 429378600
      vit_so400m_patch14_siglip_384 429378600
      vit_so400m_patch16_siglip_256 429041064
      vit_so400m_patch16_siglip_384 429409704
      vit_so400m_patch16_siglip_512 429925800
      vit_giantopt_patch16_siglip_256 1164705256
      vit_giantopt_patch16_siglip_384 1165196776
      vit_base_patch32_siglip_gap_256 88234216
      vit_base_patch16_siglip_gap_224 86566120
      vit_base_patch16_siglip_gap_256 86612200
      vit_base_patch16_siglip_gap_384 86857960
      vit_base_patch16_siglip_gap_512 87202024
      vit_large_patch16_siglip_gap_256 304386024
      vit_large_patch16_siglip_gap_384 304713704
      vit_large_patch16_siglip_gap_512 305172456
      vit_so400m_patch14_siglip_gap_224 413595352
      vit_so400m_patch14_siglip_gap_378 414140248
      vit_so400m_patch14_siglip_gap_384 414140248
      vit_so400m_patch14_siglip_gap_448 414480088
      vit_so400m_patch14_siglip_gap_896 418019032
      vit_so400m_patch16_siglip_gap_256 413802712
      vit_so400m_patch16_siglip_gap_384 414171352
      vit_so400m_patch16_siglip_gap_512 414687448
      vit_giantopt_patch16_siglip_gap_256 1136375272
      vit_giantopt_patch16_siglip_gap_384 1136866792
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
