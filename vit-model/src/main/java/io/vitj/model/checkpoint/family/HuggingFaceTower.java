package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What the towers of CLIP and SigLIP share in Hugging Face's transformers, those of images and of
 * texts: how their settings lie in a config, and the names of position embeddings and layers.
 */
final class HuggingFaceTower {
  private static final String LAYER = "{p}encoder.layers.{i}.";

  private HuggingFaceTower() {}

  /**
   * Reads the settings of one tower out of the config of a whole model. Old configs override them
   * in another object.
   *
   * @param json the contents of {@code config.json}
   * @param key {@code vision_config} or {@code text_config}
   * @return its fields, then those of {@code <key>_dict}; none where both are absent
   */
  static ObjectNode settings(ObjectNode json, String key) {
    ObjectNode settings = JsonNodeFactory.instance.objectNode();
    for (String part : List.of(key, key + "_dict")) {
      if (json.path(part) instanceof ObjectNode fields) {
        settings.setAll(fields);
      }
    }
    return settings;
  }

  /**
   * Makes the table.
   *
   * @param prefixes what the names of the tower begin with
   * @return the table, to which a family adds the ends of the tower
   */
  static NameTable names(String... prefixes) {
    return NameTable.withPrefixes(prefixes)
        .tensor("pos_embed", Transform.UNBATCHED, "{p}embeddings.position_embedding.weight")
        .layer("blocks.{i}.norm1", LAYER + "layer_norm1")
        .joinedLayer(
            "blocks.{i}.attn.qkv",
            LAYER + "self_attn.q_proj",
            LAYER + "self_attn.k_proj",
            LAYER + "self_attn.v_proj")
        .layer("blocks.{i}.attn.proj", LAYER + "self_attn.out_proj")
        .layer("blocks.{i}.norm2", LAYER + "layer_norm2")
        .layer("blocks.{i}.mlp.fc1", LAYER + "mlp.fc1")
        .layer("blocks.{i}.mlp.fc2", LAYER + "mlp.fc2")
        .ignore("{p}embeddings.position_ids");
  }
}
