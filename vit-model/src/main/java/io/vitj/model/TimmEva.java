package io.vitj.model;

import io.vitj.model.Rotary.Coordinates;
import io.vitj.model.ViTConfig.MlpKind;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.ViTConfig.QkvBias;
import io.vitj.model.json.JsonFields;
import io.vitj.tensor.kernel.Activation;
import java.util.Map;
import java.util.Set;

/** timm's {@code Eva}: EVA (Fang et al., 2023), EVA-02 and DINOv3 (Siméoni et al., 2025). */
enum TimmEva implements TimmModel {
  /** The only one. */
  INSTANCE;

  private static final Set<String> READ =
      Set.of(
          "img_size",
          "patch_size",
          "in_chans",
          "num_classes",
          "global_pool",
          "embed_dim",
          "depth",
          "num_heads",
          "qkv_bias",
          "qkv_fused", // how the weights are stored
          "mlp_ratio",
          "swiglu_mlp",
          "swiglu_align_to",
          "scale_mlp",
          "scale_attn_inner",
          "attn_type",
          "init_values",
          "class_token",
          "num_reg_tokens",
          "no_embed_class",
          "use_abs_pos_emb",
          "use_rot_pos_emb",
          "rope_type",
          "rope_temperature",
          "rope_rotate_half",
          "ref_feat_shape",
          "use_pre_transformer_norm",
          "use_post_transformer_norm",
          "use_fc_norm");

  @Override
  public Set<String> arguments() {
    return READ;
  }

  @Override
  public Map<String, String> fixed() {
    return Map.of(
        "use_post_norm", "false",
        "rope_grid_offset", "0.0",
        "rope_grid_indexing", "\"ij\"");
  }

  @Override
  public ViTConfigBuilder config(JsonFields fields) {
    Pooling pooling = TimmModel.pooling(fields, "avg", false);
    boolean preNorm = fields.bool("use_pre_transformer_norm", false);
    boolean normAfterPooling = fields.bool("use_fc_norm", pooling == Pooling.AVG);
    ViTConfigBuilder builder =
        TimmModel.sizes(fields)
            .mlpNorm(fields.bool("scale_mlp", false))
            .attentionNorm(fields.bool("scale_attn_inner", false))
            .classToken(fields.bool("class_token", true))
            .registerTokens(fields.integer("num_reg_tokens", 0))
            .positions(positions(fields))
            .patchBias(!preNorm)
            .qkvBias(qkvBias(fields))
            .rotary(rotary(fields))
            .preNorm(preNorm)
            .layerScale(fields.has("init_values"))
            .activation(Activation.GELU_ERF)
            .pooling(pooling)
            .finalNorm(fields.bool("use_post_transformer_norm", !normAfterPooling))
            .fcNorm(normAfterPooling);
    gates(fields, builder);
    return builder;
  }

  private static void gates(JsonFields fields, ViTConfigBuilder builder) {
    if (!fields.bool("swiglu_mlp", false)) {
      return;
    }
    int multiple = fields.integer("swiglu_align_to", 0);
    boolean apart = multiple != 0 || fields.bool("scale_mlp", false);
    builder.mlpKind(apart ? MlpKind.SWIGLU_APART : MlpKind.SWIGLU);
    if (multiple > 0) {
      builder.mlpHidden(Math.ceilDiv(TimmModel.hidden(fields), multiple) * multiple);
    }
  }

  private static Positions positions(JsonFields fields) {
    if (!fields.bool("use_abs_pos_emb", true)) {
      return Positions.NONE;
    }
    return fields.bool("no_embed_class", false) ? Positions.PATCHES_ONLY : Positions.ALL_TOKENS;
  }

  private static QkvBias qkvBias(JsonFields fields) {
    if (!fields.bool("qkv_bias", true)) {
      return QkvBias.NONE;
    }
    return switch (fields.text("attn_type").orElse("eva")) {
      case "eva" -> QkvBias.QUERY_AND_VALUE;
      case "rope" -> QkvBias.ALL;
      default -> throw fields.wrong("attn_type", "\"eva\" or \"rope\"");
    };
  }

  private static Rotary rotary(JsonFields fields) {
    if (!fields.bool("use_rot_pos_emb", false)) {
      return null;
    }
    float temperature = (float) fields.number("rope_temperature", 10000);
    boolean interleaved = !fields.bool("rope_rotate_half", false);
    int[] reference = fields.size("ref_feat_shape", 0);
    return switch (fields.text("rope_type").orElse("cat")) {
      case "cat" -> cat(fields, temperature, reference, interleaved);
      case "dinov3" -> new Rotary(Coordinates.CENTRE, temperature, 0, 0, interleaved);
      default -> throw fields.wrong("rope_type", "\"cat\" or \"dinov3\"");
    };
  }

  private static Rotary cat(
      JsonFields fields, float temperature, int[] reference, boolean interleaved) {
    if (!interleaved) {
      throw fields.wrong("rope_rotate_half", "false with rope_type \"cat\"");
    }
    return new Rotary(Coordinates.INDEX, temperature, reference[0], reference[1], true);
  }
}
