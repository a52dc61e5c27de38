package io.vitj.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Architectures of timm whose arguments are more than sizes, a line each: the name, image, patch,
 * width, depth and heads, then arguments of {@code VisionTransformer} and sets of them.
 */
final class PresetTable {
  private static final float CLIP_EPSILON = 1e-5f;

  /** Arguments that go together. */
  private static final Map<String, String> SETS =
      Map.of(
          "deit3", "no_embed_class=true init_values=1e-6",
          "clip", "pre_norm=true",
          "quickgelu", "act_layer=quick_gelu",
          "gap", "class_token=false global_pool=avg",
          "reg1", "reg_tokens=1 no_embed_class=true",
          "reg4", "reg_tokens=4 no_embed_class=true");

  private static final String LINES =
      """
      deit3_small_patch16_224 224 16 384 12 6 deit3
      deit3_small_patch16_384 384 16 384 12 6 deit3
      deit3_medium_patch16_224 224 16 512 12 8 deit3
      deit3_base_patch16_224 224 16 768 12 12 deit3
      deit3_base_patch16_384 384 16 768 12 12 deit3
      deit3_large_patch16_224 224 16 1024 24 16 deit3
      deit3_large_patch16_384 384 16 1024 24 16 deit3
      deit3_huge_patch14_224 224 14 1280 32 16 deit3
      vit_small_patch14_dinov2 518 14 384 12 6 init_values=1e-05
      vit_small_patch14_reg4_dinov2 518 14 384 12 6 reg4 init_values=1e-05
      vit_base_patch14_dinov2 518 14 768 12 12 init_values=1e-05
      vit_base_patch14_reg4_dinov2 518 14 768 12 12 reg4 init_values=1e-05
      vit_large_patch14_dinov2 518 14 1024 24 16 init_values=1e-05
      vit_large_patch14_reg4_dinov2 518 14 1024 24 16 reg4 init_values=1e-05
      vit_xsmall_patch16_clip_224 224 16 256 10 4 clip
      vit_medium_patch16_clip_224 224 16 512 12 8 clip
      vit_medium_patch32_clip_224 224 32 512 12 8 clip
      vit_betwixt_patch32_clip_224 224 32 640 12 10 clip
      vit_base_patch16_clip_224 224 16 768 12 12 clip
      vit_base_patch16_clip_quickgelu_224 224 16 768 12 12 clip quickgelu
      vit_base_patch16_clip_384 384 16 768 12 12 clip
      vit_base_patch32_clip_224 224 32 768 12 12 clip
      vit_base_patch32_clip_quickgelu_224 224 32 768 12 12 clip quickgelu
      vit_base_patch32_clip_256 256 32 768 12 12 clip
      vit_base_patch32_clip_384 384 32 768 12 12 clip
      vit_base_patch32_clip_448 448 32 768 12 12 clip
      vit_base_patch16_plus_clip_240 240 16 896 12 14 clip
      vit_large_patch14_clip_224 224 14 1024 24 16 clip
      vit_large_patch14_clip_quickgelu_224 224 14 1024 24 16 clip quickgelu
      vit_large_patch14_clip_336 336 14 1024 24 16 clip
      vit_large_patch14_clip_quickgelu_336 336 14 1024 24 16 clip quickgelu
      vit_huge_patch14_clip_224 224 14 1280 32 16 clip
      vit_huge_patch14_clip_quickgelu_224 224 14 1280 32 16 clip quickgelu
      vit_huge_patch14_clip_336 336 14 1280 32 16 clip
      vit_huge_patch14_clip_378 378 14 1280 32 16 clip
      vit_huge_patch14_clip_quickgelu_378 378 14 1280 32 16 clip quickgelu
      vit_giant_patch14_clip_224 224 14 1408 40 16 clip mlp_ratio=48/11
      vit_gigantic_patch14_clip_224 224 14 1664 48 16 clip mlp_ratio=64/13
      vit_gigantic_patch14_clip_quickgelu_224 224 14 1664 48 16 clip quickgelu mlp_ratio=64/13
      vit_gigantic_patch14_clip_378 378 14 1664 48 16 clip mlp_ratio=64/13
      vit_wee_patch16_reg1_gap_256 256 16 256 14 4 gap reg1 init_values=1e-05 mlp_ratio=5
      vit_little_patch16_reg1_gap_256 256 16 320 14 5 gap reg1 init_values=1e-05 mlp_ratio=5.6
      vit_little_patch16_reg4_gap_256 256 16 320 14 5 gap reg4 init_values=1e-05 mlp_ratio=5.6
      vit_medium_patch16_gap_240 240 16 512 12 8 gap qkv_bias=false init_values=1e-06 fc_norm=false
      vit_medium_patch16_gap_256 256 16 512 12 8 gap qkv_bias=false init_values=1e-06 fc_norm=false
      vit_medium_patch16_reg1_gap_256 256 16 512 12 8 gap reg1 init_values=1e-05
      vit_medium_patch16_reg4_gap_256 256 16 512 12 8 gap reg4 init_values=1e-05
      vit_medium_patch16_gap_384 384 16 512 12 8 gap qkv_bias=false init_values=1e-06 fc_norm=false
      vit_betwixt_patch16_gap_256 256 16 640 12 10 gap qkv_bias=false init_values=1e-06 fc_norm=false
      vit_betwixt_patch16_reg1_gap_256 256 16 640 12 10 gap reg1 init_values=1e-05
      vit_betwixt_patch16_reg4_gap_256 256 16 640 12 10 gap reg4 init_values=1e-05
      vit_betwixt_patch16_reg4_gap_384 384 16 640 12 10 gap reg4 init_values=1e-05
      vit_mediumd_patch16_reg4_gap_256 256 16 512 20 8 gap reg4 init_values=1e-05
      vit_mediumd_patch16_reg4_gap_384 384 16 512 20 8 gap reg4 init_values=1e-05
      vit_base_patch16_gap_224 224 16 768 12 16 gap fc_norm=false
      vit_base_patch16_reg4_gap_256 256 16 768 12 12 gap reg4
      vit_so150m_patch16_reg4_gap_256 256 16 896 18 14 gap mlp_ratio=2.572 reg_tokens=4 fc_norm=false
      vit_so150m_patch16_reg4_gap_384 384 16 896 18 14 gap mlp_ratio=2.572 reg_tokens=4 fc_norm=false
      vit_so150m2_patch16_reg1_gap_256 256 16 832 21 13 gap mlp_ratio=34/13 init_values=1e-05 qkv_bias=false reg_tokens=1
      vit_so150m2_patch16_reg1_gap_384 384 16 832 21 13 gap mlp_ratio=34/13 init_values=1e-05 qkv_bias=false reg_tokens=1
      vit_so150m2_patch16_reg1_gap_448 448 16 832 21 13 gap mlp_ratio=34/13 init_values=1e-05 qkv_bias=false reg_tokens=1
      vit_huge_patch14_gap_224 224 14 1280 32 16 gap fc_norm=false
      vit_huge_patch16_gap_448 448 16 1280 32 16 gap fc_norm=false
      vit_giant_patch16_gap_224 224 16 1408 40 16 gap mlp_ratio=48/11 fc_norm=false
      test_vit 160 16 64 6 2 mlp_ratio=3
      test_vit2 160 16 64 8 2 gap mlp_ratio=3 reg_tokens=1 init_values=1e-05
      flexivit_small 240 16 384 12 6 no_embed_class=true
      vit_small_patch16_36x1_224 224 16 384 36 6 init_values=1e-05
      flexivit_base 240 16 768 12 12 no_embed_class=true
      vit_base_patch16_plus_240 240 16 896 12 14 init_values=1e-05
      vit_base_patch32_plus_256 256 32 896 12 14 init_values=1e-05
      eva_large_patch14_196 196 14 1024 24 16 global_pool=avg
      flexivit_large 240 16 1024 24 16 no_embed_class=true
      eva_large_patch14_336 336 14 1024 24 16 global_pool=avg
      vit_intern300m_patch14_448 448 14 1024 24 16 init_values=0.1 final_norm=false
      """;

  private PresetTable() {}

  /**
   * Reads the table.
   *
   * @param add takes each name with its arguments
   */
  static void forEach(BiConsumer<String, TimmArguments> add) {
    LINES
        .lines()
        .forEach(
            line -> {
              String[] fields = line.split(" ");
              ObjectNode arguments = JsonNodeFactory.instance.objectNode();
              String[] sizes = {"img_size", "patch_size", "embed_dim", "depth", "num_heads"};
              for (int i = 0; i < sizes.length; i++) {
                arguments.put(sizes[i], Integer.parseInt(fields[1 + i]));
              }
              boolean clip = false;
              for (int i = 1 + sizes.length; i < fields.length; i++) {
                clip |= fields[i].equals("clip");
                for (String argument : SETS.getOrDefault(fields[i], fields[i]).split(" ")) {
                  put(arguments, argument);
                }
              }
              add.accept(
                  fields[0],
                  clip
                      ? new TimmArguments(arguments, false, CLIP_EPSILON)
                      : new TimmArguments(arguments, false));
            });
  }

  private static void put(ObjectNode arguments, String argument) {
    int equals = argument.indexOf('=');
    String key = argument.substring(0, equals);
    String value = argument.substring(equals + 1);
    if (value.equals("true") || value.equals("false")) {
      arguments.put(key, value.equals("true"));
    } else if (Character.isLetter(value.charAt(0))) {
      arguments.put(key, value);
    } else {
      String[] fraction = value.split("/");
      double number = Double.parseDouble(fraction[0]);
      double divisor = fraction.length == 1 ? 1 : Double.parseDouble(fraction[1]);
      if (key.equals("reg_tokens")) {
        arguments.put(key, (int) number);
      } else {
        arguments.put(key, number / divisor);
      }
    }
  }
}
