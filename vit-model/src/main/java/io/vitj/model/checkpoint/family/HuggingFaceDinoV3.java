package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import io.vitj.model.Rotary;
import io.vitj.model.Rotary.Coordinates;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfig.MlpKind;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.ViTConfig.QkvBias;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.json.JsonFields;
import io.vitj.tensor.kernel.Activation;
import java.util.List;

/**
 * {@code model_type} "dinov3_vit" of Hugging Face's transformers (Siméoni et al., 2025): rotary
 * positions, register tokens, and the class token after the last norm.
 */
final class HuggingFaceDinoV3 implements Family {
  private static final String LAYER = "layer.{i}.";

  @Override
  public String name() {
    return "Hugging Face DINOv3";
  }

  @Override
  public String architecture(ObjectNode config) {
    return new HuggingFaceConfig(config).architecture(List.of("DINOv3ViTModel"));
  }

  @Override
  public ViTConfig config(ObjectNode json, CheckpointFile file) {
    JsonFields fields = new JsonFields(json, "");
    requireTrue(fields, "proj_bias");
    requireTrue(fields, "mlp_bias");
    float temperature = (float) fields.number("rope_theta", 100);
    ViTConfig config =
        new HuggingFaceConfig(json)
            .encoder(16, "gelu", 1e-5)
            .width(fields.integer("hidden_size", 384))
            .heads(fields.integer("num_attention_heads", 6))
            .mlpHidden(fields.integer("intermediate_size", 1536))
            .registerTokens(fields.integer("num_register_tokens", 0))
            .positions(Positions.NONE)
            .rotary(new Rotary(Coordinates.CENTRE, temperature, 0, 0, false))
            .qkvBias(qkvBias(fields))
            .layerScale(true)
            .build();
    if (!fields.bool("use_gated_mlp", false)) {
      return config;
    }
    if (config.activation() != Activation.SILU) {
      throw fields.wrong("hidden_act", "\"silu\" where use_gated_mlp is true");
    }
    return config.toBuilder().mlpKind(MlpKind.SWIGLU_APART).build();
  }

  private static void requireTrue(JsonFields fields, String key) {
    if (!fields.bool(key, true)) {
      throw new ModelException(key + " is false; vitj implements true only");
    }
  }

  private static QkvBias qkvBias(JsonFields fields) {
    boolean query = fields.bool("query_bias", true);
    boolean key = fields.bool("key_bias", false);
    boolean value = fields.bool("value_bias", true);
    if (query != value || (key && !query)) {
      throw new ModelException(
          "query_bias is %s, key_bias %s and value_bias %s; vitj implements biases of all three, of"
                  .formatted(query, key, value)
              + " query and value, or none");
    }
    if (key) {
      return QkvBias.ALL;
    }
    return query ? QkvBias.QUERY_AND_VALUE : QkvBias.NONE;
  }

  @Override
  public NameTable names(ViTConfig config, CheckpointFile file) {
    return NameTable.withPrefixes("")
        .tensor("cls_token", "embeddings.cls_token")
        .tensor("reg_token", "embeddings.register_tokens")
        .layer("patch_embed.proj", "embeddings.patch_embeddings")
        .layer("blocks.{i}.norm1", LAYER + "norm1")
        .joinedLayer(
            "blocks.{i}.attn.qkv",
            LAYER + "attention.q_proj",
            LAYER + "attention.k_proj",
            LAYER + "attention.v_proj")
        .tensor("blocks.{i}.attn.q_bias", LAYER + "attention.q_proj.bias")
        .tensor("blocks.{i}.attn.v_bias", LAYER + "attention.v_proj.bias")
        .layer("blocks.{i}.attn.proj", LAYER + "attention.o_proj")
        .tensor("blocks.{i}.ls1.gamma", LAYER + "layer_scale1.lambda1")
        .layer("blocks.{i}.norm2", LAYER + "norm2")
        .layer("blocks.{i}.mlp.fc1", LAYER + "mlp.up_proj")
        .layer("blocks.{i}.mlp.fc1_g", LAYER + "mlp.gate_proj")
        .layer("blocks.{i}.mlp.fc1_x", LAYER + "mlp.up_proj")
        .layer("blocks.{i}.mlp.fc2", LAYER + "mlp.down_proj")
        .tensor("blocks.{i}.ls2.gamma", LAYER + "layer_scale2.lambda1")
        .layer("norm", "norm")
        // Used in pre-training by masked patches only.
        .ignore("embeddings.mask_token");
  }

  @Override
  public boolean takesAnySize() {
    return true;
  }

  @Override
  public List<String> labels(ObjectNode config, int classes) {
    return List.of();
  }
}
