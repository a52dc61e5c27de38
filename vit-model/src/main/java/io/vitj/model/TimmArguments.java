package io.vitj.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.json.JsonFields;
import io.vitj.tensor.kernel.Activation;
import java.util.Map;
import java.util.Set;

/**
 * The arguments of timm's {@code VisionTransformer}, by its own names. A preset is a set of them,
 * and the {@code model_args} of a checkpoint override some; only then do they become a {@link
 * ViTConfig}, because arguments such as {@code mlp_ratio} and {@code fc_norm} take effect through
 * others.
 */
public final class TimmArguments {
  /** Regularisation and initialisation for training, and permission for other image sizes. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "drop_rate",
          "pos_drop_rate",
          "patch_drop_rate",
          "proj_drop_rate",
          "attn_drop_rate",
          "drop_path_rate",
          "weight_init",
          "fix_init",
          "dynamic_img_size",
          "dynamic_img_pad");

  /** Arguments that change the computation, with the only value that is implemented. */
  private static final Map<String, String> FIXED =
      Map.of(
          "qk_norm", "false",
          "scale_attn_norm", "false",
          "scale_mlp_norm", "false",
          "proj_bias", "true",
          "pool_include_prefix", "false",
          "norm_layer", "\"layernorm\"");

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
          "qkv_bias",
          "init_values",
          "class_token",
          "pos_embed",
          "no_embed_class",
          "reg_tokens",
          "pre_norm",
          "final_norm",
          "fc_norm",
          "act_layer");

  private final ObjectNode values;
  private final boolean distilled;
  private final float epsilon;

  /**
   * Takes arguments.
   *
   * @param values names and values; copied
   * @param distilled whether they are for {@code VisionTransformerDistilled}, which has a second
   *     token and head
   */
  public TimmArguments(ObjectNode values, boolean distilled) {
    this(values, distilled, 1e-6f);
  }

  /**
   * Takes arguments.
   *
   * @param values names and values; copied
   * @param distilled whether they are for {@code VisionTransformerDistilled}, which has a second
   *     token and head
   * @param epsilon ε of {@code norm_layer}, 1e-6 by default
   */
  public TimmArguments(ObjectNode values, boolean distilled, float epsilon) {
    this.values = values.deepCopy();
    this.distilled = distilled;
    this.epsilon = epsilon;
  }

  /**
   * Overrides some arguments.
   *
   * @param overrides names and values; an explicit null stands for timm's default
   * @return all arguments
   */
  public TimmArguments with(ObjectNode overrides) {
    TimmArguments all = new TimmArguments(values, distilled, epsilon);
    all.values.setAll(overrides);
    return all;
  }

  /**
   * Makes the config that timm would build.
   *
   * @return the config
   * @throws ModelException if an argument is unknown, is of a wrong type, asks for what is not
   *     implemented, or contradicts another
   */
  public ViTConfig config() {
    for (Map.Entry<String, JsonNode> argument : values.properties()) {
      requireSupported(argument.getKey(), argument.getValue());
    }
    JsonFields fields = new JsonFields(values, "model_args.");
    boolean preNorm = fields.bool("pre_norm", false);
    int[] size = fields.size("img_size", 224);
    int width = fields.integer("embed_dim", 768);
    int classes = fields.integer("num_classes", 1000);
    Pooling pooling = pooling(fields);
    if (distilled && pooling != Pooling.TOKEN) {
      throw fields.wrong("global_pool", "\"token\" in a distilled model");
    }
    // timm: a norm moves behind the pooling where that is a mean, unless told otherwise.
    boolean normAfterPooling = fields.bool("fc_norm", pooling == Pooling.AVG);
    boolean norm = fields.bool("final_norm", true);
    return ViTConfig.builder()
        .imageHeight(size[0])
        .imageWidth(size[1])
        .patch(patch(fields))
        .channels(fields.integer("in_chans", 3))
        .width(width)
        .depth(fields.integer("depth", 12))
        .heads(fields.integer("num_heads", 12))
        .mlpHidden((int) (width * fields.number("mlp_ratio", 4)))
        .classes(classes)
        .classToken(fields.bool("class_token", true))
        .distillationToken(distilled)
        .registerTokens(fields.integer("reg_tokens", 0))
        .positions(positions(fields))
        .patchBias(!preNorm)
        .qkvBias(fields.bool("qkv_bias", true))
        .preNorm(preNorm)
        .layerScale(fields.number("init_values", 0) != 0)
        .activation(activation(fields))
        .layerNormEps(epsilon)
        .pooling(pooling)
        .finalNorm(norm && !normAfterPooling)
        .fcNorm(norm && normAfterPooling)
        .distilledHead(distilled && classes > 0)
        .build();
  }

  private static void requireSupported(String key, JsonNode value) {
    if (READ.contains(key) || WITHOUT_EFFECT.contains(key) || value.isNull()) {
      return;
    }
    String only = FIXED.get(key);
    if (only == null) {
      throw new ModelException(
          "model_args has the key "
              + ModelException.quote(key)
              + ", which vitj does not know; remove it if it does not change the computation");
    }
    if (!only.equals(value.toString())) {
      throw new ModelException(
          "model_args."
              + key
              + " is "
              + ModelException.oneLine(value.toString())
              + "; vitj implements "
              + only
              + " only");
    }
  }

  private static int patch(JsonFields fields) {
    int[] sides = fields.size("patch_size", 16);
    if (sides[0] != sides[1]) {
      throw fields.wrong("patch_size", "square");
    }
    return sides[0];
  }

  private static Positions positions(JsonFields fields) {
    return switch (fields.text("pos_embed").orElse("learn")) {
      case "", "none" -> Positions.NONE;
      case "learn" ->
          fields.bool("no_embed_class", false) ? Positions.PATCHES_ONLY : Positions.ALL_TOKENS;
      default -> throw fields.wrong("pos_embed", "\"learn\", \"none\" or \"\"");
    };
  }

  private static Pooling pooling(JsonFields fields) {
    return switch (fields.text("global_pool").orElse("token")) {
      case "" -> Pooling.NONE;
      case "token" -> Pooling.TOKEN;
      case "avg" -> Pooling.AVG;
      default -> throw fields.wrong("global_pool", "\"token\", \"avg\" or \"\"");
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
