package io.vitj.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Architectures of timm whose arguments are more than sizes, a line each: the name, image, patch,
 * width, depth and heads, then arguments of their class and sets of them.
 */
final class PresetTable {
  /** ε of timm's layer norms, where an architecture has no other. */
  static final float EPSILON = 1e-6f;

  /**
   * What presets are for.
   *
   * @param model the class
   * @param epsilon ε of its layer norms
   */
  private record Kind(TimmModel model, float epsilon) {}

  private static final Kind VIT = new Kind(TimmVit.PLAIN, EPSILON);

  /** The sets of arguments that are for another class, or come with another ε. */
  private static final Map<String, Kind> KINDS =
      Map.of(
          "clip", new Kind(TimmVit.PLAIN, 1e-5f),
          "beit", new Kind(TimmBeit.INSTANCE, EPSILON),
          "eva", new Kind(TimmEva.INSTANCE, EPSILON),
          "dinov3", new Kind(TimmEva.INSTANCE, 1e-5f));

  /** Arguments that go together. */
  private static final Map<String, String> SETS =
      Map.ofEntries(
          Map.entry("deit3", "no_embed_class=true init_values=1e-6"),
          Map.entry("clip", "pre_norm=true"),
          Map.entry("quickgelu", "act_layer=quick_gelu"),
          Map.entry("tanh", "act_layer=gelu_tanh"),
          Map.entry("gap", "class_token=false global_pool=avg"),
          Map.entry("siglip", "class_token=false global_pool=map"),
          Map.entry("siglipgap", "class_token=false global_pool=avg fc_norm=false"),
          Map.entry("reg1", "reg_tokens=1 no_embed_class=true"),
          Map.entry("reg4", "reg_tokens=4 no_embed_class=true"),
          // timm's mlp_ratio counts gates and values: half of it is the hidden width.
          Map.entry("swiglu", "mlp_layer=SwiGLUPacked mlp_ratio=5.33334"),
          Map.entry("beit", "use_abs_pos_emb=false use_rel_pos_bias=true"),
          Map.entry("eva", "attn_type=eva"),
          Map.entry(
              "eva02", "swiglu_mlp=true mlp_ratio=8/3 use_rot_pos_emb=true ref_feat_shape=16"),
          Map.entry("scaled", "qkv_fused=false scale_mlp=true"),
          Map.entry("innernorm", "scale_attn_inner=true global_pool=token"),
          Map.entry(
              "dinov3",
              "init_values=1e-05 rope_type=dinov3 rope_temperature=100 rope_rotate_half=true"
                  + " use_rot_pos_emb=true use_abs_pos_emb=false num_reg_tokens=4"
                  + " use_fc_norm=false"),
          Map.entry("nobias", "qkv_bias=false"),
          Map.entry("gates", "swiglu_mlp=true swiglu_align_to=8"));

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
      vit_giant_patch14_dinov2 518 14 1536 40 24 swiglu init_values=1e-05
      vit_giant_patch14_reg4_dinov2 518 14 1536 40 24 swiglu reg4 init_values=1e-05
      beit_base_patch16_224 224 16 768 12 12 beit init_values=0.1
      beit_base_patch16_384 384 16 768 12 12 beit init_values=0.1
      beit_large_patch16_224 224 16 1024 24 16 beit init_values=1e-05
      beit_large_patch16_384 384 16 1024 24 16 beit init_values=1e-05
      beit_large_patch16_512 512 16 1024 24 16 beit init_values=1e-05
      beitv2_base_patch16_224 224 16 768 12 12 beit init_values=1e-05
      beitv2_large_patch16_224 224 16 1024 24 16 beit init_values=1e-05
      eva_giant_patch14_224 224 14 1408 40 16 eva mlp_ratio=6144/1408
      eva_giant_patch14_336 336 14 1408 40 16 eva mlp_ratio=6144/1408
      eva_giant_patch14_560 560 14 1408 40 16 eva mlp_ratio=6144/1408
      eva_giant_patch14_clip_224 224 14 1408 40 16 eva mlp_ratio=6144/1408 global_pool=token
      eva02_tiny_patch14_224 224 14 192 12 3 eva eva02
      eva02_tiny_patch14_336 336 14 192 12 3 eva eva02
      eva02_small_patch14_224 224 14 384 12 6 eva eva02
      eva02_small_patch14_336 336 14 384 12 6 eva eva02
      eva02_base_patch14_224 224 14 768 12 12 eva eva02 scaled
      eva02_base_patch14_448 448 14 768 12 12 eva eva02 scaled
      eva02_large_patch14_224 224 14 1024 24 16 eva eva02 scaled
      eva02_large_patch14_448 448 14 1024 24 16 eva eva02 scaled
      eva02_base_patch16_clip_224 224 16 768 12 12 eva eva02 scaled innernorm
      eva02_large_patch14_clip_224 224 14 1024 24 16 eva eva02 scaled innernorm
      eva02_large_patch14_clip_336 336 14 1024 24 16 eva eva02 scaled innernorm
      vit_medium_patch16_rope_reg1_gap_256 256 16 512 12 8 eva init_values=1e-05 class_token=false use_rot_pos_emb=true use_abs_pos_emb=false ref_feat_shape=16 num_reg_tokens=1
      vit_mediumd_patch16_rope_reg1_gap_256 256 16 512 20 8 eva init_values=1e-05 class_token=false use_rot_pos_emb=true use_abs_pos_emb=false ref_feat_shape=16 num_reg_tokens=1 nobias
      vit_betwixt_patch16_rope_reg4_gap_256 256 16 640 12 10 eva init_values=1e-05 class_token=false use_rot_pos_emb=true use_abs_pos_emb=false ref_feat_shape=16 num_reg_tokens=4
      vit_base_patch16_rope_reg1_gap_256 256 16 768 12 12 eva init_values=1e-05 class_token=false use_rot_pos_emb=true use_abs_pos_emb=false ref_feat_shape=16 num_reg_tokens=1
      vit_tiny_patch16_dinov3_qkvb 256 16 192 12 3 dinov3
      vit_small_patch16_dinov3 256 16 384 12 6 dinov3 nobias
      vit_small_patch16_dinov3_qkvb 256 16 384 12 6 dinov3
      vit_small_plus_patch16_dinov3 256 16 384 12 6 dinov3 nobias gates
      vit_small_plus_patch16_dinov3_qkvb 256 16 384 12 6 dinov3 gates
      vit_base_patch16_dinov3 256 16 768 12 12 dinov3 nobias
      vit_base_patch16_dinov3_qkvb 256 16 768 12 12 dinov3
      vit_large_patch16_dinov3 256 16 1024 24 16 dinov3 nobias
      vit_large_patch16_dinov3_qkvb 256 16 1024 24 16 dinov3
      vit_huge_plus_patch16_dinov3 256 16 1280 32 20 dinov3 nobias gates
      vit_huge_plus_patch16_dinov3_qkvb 256 16 1280 32 20 dinov3 gates
      vit_7b_patch16_dinov3 256 16 4096 40 32 dinov3 nobias mlp_ratio=2 swiglu_mlp=true swiglu_align_to=64
      vit_base_patch32_siglip_256 256 32 768 12 12 siglip tanh
      vit_base_patch16_siglip_224 224 16 768 12 12 siglip
      vit_base_patch16_siglip_256 256 16 768 12 12 siglip
      vit_base_patch16_siglip_384 384 16 768 12 12 siglip
      vit_base_patch16_siglip_512 512 16 768 12 12 siglip
      vit_large_patch16_siglip_256 256 16 1024 24 16 siglip
      vit_large_patch16_siglip_384 384 16 1024 24 16 siglip
      vit_large_patch16_siglip_512 512 16 1024 24 16 siglip tanh
      vit_so400m_patch14_siglip_224 224 14 1152 27 16 siglip mlp_ratio=3.7362
      vit_so400m_patch14_siglip_378 378 14 1152 27 16 siglip mlp_ratio=3.7362
      vit_so400m_patch14_siglip_384 384 14 1152 27 16 siglip mlp_ratio=3.7362
      vit_so400m_patch16_siglip_256 256 16 1152 27 16 siglip mlp_ratio=3.7362 tanh
      vit_so400m_patch16_siglip_384 384 16 1152 27 16 siglip mlp_ratio=3.7362 tanh
      vit_so400m_patch16_siglip_512 512 16 1152 27 16 siglip mlp_ratio=3.7362 tanh
      vit_giantopt_patch16_siglip_256 256 16 1536 40 16 siglip tanh
      vit_giantopt_patch16_siglip_384 384 16 1536 40 16 siglip tanh
      vit_base_patch32_siglip_gap_256 256 32 768 12 12 siglipgap tanh
      vit_base_patch16_siglip_gap_224 224 16 768 12 12 siglipgap
      vit_base_patch16_siglip_gap_256 256 16 768 12 12 siglipgap
      vit_base_patch16_siglip_gap_384 384 16 768 12 12 siglipgap
      vit_base_patch16_siglip_gap_512 512 16 768 12 12 siglipgap
      vit_large_patch16_siglip_gap_256 256 16 1024 24 16 siglipgap
      vit_large_patch16_siglip_gap_384 384 16 1024 24 16 siglipgap
      vit_large_patch16_siglip_gap_512 512 16 1024 24 16 siglipgap tanh
      vit_so400m_patch14_siglip_gap_224 224 14 1152 27 16 siglipgap mlp_ratio=3.7362
      vit_so400m_patch14_siglip_gap_378 378 14 1152 27 16 siglipgap mlp_ratio=3.7362
      vit_so400m_patch14_siglip_gap_384 384 14 1152 27 16 siglipgap mlp_ratio=3.7362
      vit_so400m_patch14_siglip_gap_448 448 14 1152 27 16 siglipgap mlp_ratio=3.7362
      vit_so400m_patch14_siglip_gap_896 896 14 1152 27 16 siglipgap mlp_ratio=3.7362
      vit_so400m_patch16_siglip_gap_256 256 16 1152 27 16 siglipgap mlp_ratio=3.7362 tanh
      vit_so400m_patch16_siglip_gap_384 384 16 1152 27 16 siglipgap mlp_ratio=3.7362 tanh
      vit_so400m_patch16_siglip_gap_512 512 16 1152 27 16 siglipgap mlp_ratio=3.7362 tanh
      vit_giantopt_patch16_siglip_gap_256 256 16 1536 40 16 siglipgap tanh
      vit_giantopt_patch16_siglip_gap_384 384 16 1536 40 16 siglipgap tanh
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
              Kind kind = VIT;
              for (int i = 1 + sizes.length; i < fields.length; i++) {
                kind = KINDS.getOrDefault(fields[i], kind);
                for (String argument : SETS.getOrDefault(fields[i], fields[i]).split(" ")) {
                  put(arguments, argument);
                }
              }
              add.accept(fields[0], new TimmArguments(arguments, kind.model, kind.epsilon));
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
      double divisor = fraction.length == 1 ? 1 : Double.parseDouble(fraction[1]);
      arguments.put(key, Double.parseDouble(fraction[0]) / divisor);
    }
  }
}
