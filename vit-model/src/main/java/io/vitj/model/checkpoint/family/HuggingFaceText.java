package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import io.vitj.model.TextConfig;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfigBuilder;
import io.vitj.model.json.JsonFields;
import io.vitj.tensor.kernel.Activation;

/**
 * The text tower of {@code model_type} "clip" and "siglip" of Hugging Face's transformers. Saved
 * configs may leave out what equals the default of their class.
 */
final class HuggingFaceText {
  /** The end token of configs that were saved before transformers 4.31, whatever the vocabulary. */
  private static final int LEGACY_END = 2;

  /** A tensor of every text tower. */
  static final String MARKER = "text_model.embeddings.token_embedding.weight";

  private HuggingFaceText() {}

  /**
   * Reads a config.
   *
   * @param json the contents of {@code config.json}
   * @return the text tower
   * @throws ModelException if the model has none, or a value is wrong
   */
  static TextConfig config(ObjectNode json) {
    String type = json.path("model_type").asText();
    return switch (type) {
      case "clip" -> clip(json);
      case "siglip" -> siglip(json);
      default ->
          throw new ModelException(
              "model_type "
                  + ModelException.quote(type)
                  + " has no text tower that vitj reads; it reads those of clip and siglip");
    };
  }

  private static TextConfig clip(ObjectNode json) {
    ObjectNode settings = HuggingFaceTower.settings(json, "text_config");
    JsonFields fields = new JsonFields(settings, "text_config.");
    int end = fields.integer("eos_token_id", 49407);
    return new TextConfig(
        tower(settings, new Defaults(512, 2048, 8, 77, "quick_gelu", 1e-5))
            .projectionWidth(new JsonFields(json, "").integer("projection_dim", 512))
            .build(),
        fields.integer("vocab_size", 49408),
        true,
        end == LEGACY_END ? TextConfig.Pooling.LARGEST_ID : TextConfig.Pooling.END_TOKEN,
        end,
        false);
  }

  private static TextConfig siglip(ObjectNode json) {
    ObjectNode settings = HuggingFaceTower.settings(json, "text_config");
    JsonFields fields = new JsonFields(settings, "text_config.");
    ViTConfigBuilder tower =
        tower(settings, new Defaults(768, 3072, 12, 64, "gelu_pytorch_tanh", 1e-6));
    int width = fields.integer("hidden_size", 768);
    return new TextConfig(
        tower
            .poolerWidth(fields.integer("projection_size", width))
            .poolerActivation(Activation.NONE)
            .build(),
        fields.integer("vocab_size", 32000),
        false,
        TextConfig.Pooling.LAST,
        0,
        true);
  }

  /** What the two classes take for fields that are left out. */
  private record Defaults(
      int width, int hidden, int heads, int context, String activation, double eps) {}

  private static ViTConfigBuilder tower(ObjectNode settings, Defaults absent) {
    JsonFields fields = new JsonFields(settings, "text_config.");
    return new HuggingFaceConfig(settings)
        .encoder(1, absent.activation(), absent.eps())
        .imageHeight(fields.integer("max_position_embeddings", absent.context()))
        .imageWidth(1)
        .channels(1)
        .width(fields.integer("hidden_size", absent.width()))
        .heads(fields.integer("num_attention_heads", absent.heads()))
        .mlpHidden(fields.integer("intermediate_size", absent.hidden()))
        .classToken(false)
        .pooling(Pooling.AVG)
        .qkvBias(true);
  }

  /**
   * Returns the names.
   *
   * @return a table for all parameters of a text tower
   */
  static NameTable names() {
    return HuggingFaceTower.names("text_model.")
        .tensor("token_embed.weight", "{p}embeddings.token_embedding.weight")
        .layer("norm", "{p}final_layer_norm")
        .tensor("projection.weight", "text_projection.weight")
        .layer("pooler.dense", "{p}head")
        .tensor("logit_scale", "logit_scale")
        .tensor("logit_bias", "logit_bias")
        .ignore("vision_model.*")
        .ignore("visual_projection.weight");
  }
}
