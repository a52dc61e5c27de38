package io.vitj.model;

import io.vitj.model.ViTConfig.MlpKind;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.json.JsonFields;
import io.vitj.tensor.kernel.Activation;
import java.util.Map;
import java.util.Set;

/** timm's {@code VisionTransformer} and {@code VisionTransformerDistilled}. */
enum TimmVit implements TimmModel {
  /** With class token or without. */
  PLAIN,
  /** With a second token and head (DeiT). */
  DISTILLED;

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
          "mlp_ratio",
          "mlp_layer",
          "qkv_bias",
          "scale_attn_norm",
          "scale_mlp_norm",
          "init_values",
          "class_token",
          "pos_embed",
          "no_embed_class",
          "reg_tokens",
          "pre_norm",
          "final_norm",
          "fc_norm",
          "act_layer");

  @Override
  public Set<String> arguments() {
    return READ;
  }

  @Override
  public Map<String, String> fixed() {
    return Map.of(
        "qk_norm", "false",
        "proj_bias", "true",
        "pool_include_prefix", "false",
        "norm_layer", "\"layernorm\"");
  }

  @Override
  public ViTConfigBuilder config(JsonFields fields) {
    boolean distilled = this == DISTILLED;
    boolean preNorm = fields.bool("pre_norm", false);
    int classes = fields.integer("num_classes", 1000);
    Pooling pooling = TimmModel.pooling(fields, "token", true);
    if (distilled && pooling != Pooling.TOKEN) {
      throw fields.wrong("global_pool", "\"token\" in a distilled model");
    }
    // timm: a norm moves behind the pooling where that is a mean, unless told otherwise.
    boolean normAfterPooling = fields.bool("fc_norm", pooling == Pooling.AVG);
    boolean norm = fields.bool("final_norm", true);
    boolean gated = gated(fields);
    int hidden = TimmModel.hidden(fields);
    if (gated && hidden % 2 != 0) {
      throw fields.wrong("mlp_ratio", "so that gates and values have one width");
    }
    return TimmModel.sizes(fields)
        .mlpKind(gated ? MlpKind.SWIGLU : MlpKind.PLAIN)
        .mlpHidden(gated ? hidden / 2 : hidden)
        .mlpNorm(fields.bool("scale_mlp_norm", false))
        .attentionNorm(fields.bool("scale_attn_norm", false))
        .classToken(fields.bool("class_token", true))
        .distillationToken(distilled)
        .registerTokens(fields.integer("reg_tokens", 0))
        .positions(positions(fields))
        .patchBias(!preNorm)
        .qkvBias(fields.bool("qkv_bias", true))
        .preNorm(preNorm)
        .layerScale(fields.number("init_values", 0) != 0)
        .activation(activation(fields))
        .pooling(pooling)
        .finalNorm(norm && !normAfterPooling)
        .fcNorm(norm && normAfterPooling)
        .distilledHead(distilled && classes > 0);
  }

  /** {@code mlp_layer} is a class in timm, and no file has it: only presets set it. */
  private static boolean gated(JsonFields fields) {
    return switch (fields.text("mlp_layer").orElse("Mlp")) {
      case "Mlp" -> false;
      case "SwiGLUPacked" -> true;
      default -> throw fields.wrong("mlp_layer", "\"Mlp\" or \"SwiGLUPacked\"");
    };
  }

  private static Positions positions(JsonFields fields) {
    return switch (fields.text("pos_embed").orElse("learn")) {
      case "", "none" -> Positions.NONE;
      case "learn" ->
          fields.bool("no_embed_class", false) ? Positions.PATCHES_ONLY : Positions.ALL_TOKENS;
      default -> throw fields.wrong("pos_embed", "\"learn\", \"none\" or \"\"");
    };
  }

  private static Activation activation(JsonFields fields) {
    return switch (fields.text("act_layer").orElse("gelu")) {
      case "gelu" -> Activation.GELU_ERF;
      case "gelu_tanh" -> Activation.GELU_TANH;
      case "quick_gelu" -> Activation.QUICK_GELU;
      case "silu", "swish" -> Activation.SILU;
      case "relu" -> Activation.RELU;
      default ->
          throw fields.wrong(
              "act_layer", "\"gelu\", \"gelu_tanh\", \"quick_gelu\", \"silu\" or \"relu\"");
    };
  }
}
