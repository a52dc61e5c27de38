package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfigBuilder;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.json.JsonFields;
import java.util.List;

/**
 * {@code model_type} "siglip" and "siglip_vision_model" of Hugging Face's transformers: the image
 * tower (Zhai et al., 2023), alone or beside the text tower, which is not read. It is pooled by
 * attention; a classifier takes the mean of the patches instead. SigLIP 2 of a fixed resolution has
 * the same layout.
 */
final class HuggingFaceSiglip implements Family {
  private static final String CLASSIFIER = "SiglipForImageClassification";

  @Override
  public String name() {
    return "Hugging Face SigLIP";
  }

  @Override
  public String architecture(ObjectNode config) {
    return new HuggingFaceConfig(config)
        .architecture(List.of("SiglipModel", "SiglipVisionModel", CLASSIFIER));
  }

  @Override
  public ViTConfig config(ObjectNode json, CheckpointFile file) {
    boolean whole = json.path("model_type").asText().equals("siglip");
    ObjectNode vision = whole ? HuggingFaceTower.settings(json, "vision_config") : json;
    ViTConfigBuilder builder =
        new HuggingFaceConfig(vision)
            .encoder(16, "gelu_pytorch_tanh", 1e-6)
            .qkvBias(true)
            .classToken(false)
            .pooling(Pooling.AVG);
    if (architecture(json).equals(CLASSIFIER)) {
      return builder.classes(new HuggingFaceConfig(json).classes()).build();
    }
    boolean head = new JsonFields(vision, "").bool("vision_use_head", true);
    return builder.pooling(head ? Pooling.ATTENTION : Pooling.NONE).build();
  }

  @Override
  public NameTable names(ViTConfig config, CheckpointFile file) {
    NameTable names =
        HuggingFaceTower.names("vision_model.", "")
            .layer("patch_embed.proj", "{p}embeddings.patch_embedding")
            .layer("norm", "{p}post_layernorm")
            .tensor("attn_pool.latent", "{p}head.probe")
            .layer("attn_pool.proj", "{p}head.attention.out_proj")
            .layer("attn_pool.norm", "{p}head.layernorm")
            .layer("attn_pool.mlp.fc1", "{p}head.mlp.fc1")
            .layer("attn_pool.mlp.fc2", "{p}head.mlp.fc2")
            .layer("head", "classifier")
            .ignore("text_model.*")
            .ignore("logit_scale")
            .ignore("logit_bias");
    for (String leaf : List.of("weight", "bias")) {
      String source = "{p}head.attention.in_proj_" + leaf;
      names
          .tensor("attn_pool.q." + leaf, new PartTransform(0, 1, 3), source)
          .tensor("attn_pool.kv." + leaf, new PartTransform(1, 2, 3), source);
    }
    return config.pooling() == Pooling.ATTENTION ? names : names.ignore("{p}head.*");
  }

  @Override
  public List<String> labels(ObjectNode config, int classes) {
    return new HuggingFaceConfig(config).labels(classes);
  }
}
