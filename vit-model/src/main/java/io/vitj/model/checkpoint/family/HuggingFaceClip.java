package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfigBuilder;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.json.JsonFields;
import java.util.List;

/**
 * {@code model_type} "clip" and "clip_vision_model" of Hugging Face's transformers: the image tower
 * (Radford et al., 2021), alone or beside the text tower, which is not read. Only the class token
 * goes through the last norm and the projection; a classifier takes the mean of the patches as they
 * leave the last block.
 */
final class HuggingFaceClip implements Family {
  private static final String CLASSIFIER = "CLIPForImageClassification";
  private static final String PROJECTION = "visual_projection.weight";

  @Override
  public String name() {
    return "Hugging Face CLIP";
  }

  @Override
  public String architecture(ObjectNode config) {
    return new HuggingFaceConfig(config)
        .architecture(
            List.of("CLIPModel", "CLIPVisionModelWithProjection", "CLIPVisionModel", CLASSIFIER));
  }

  @Override
  public ViTConfig config(ObjectNode json, CheckpointFile file) {
    ObjectNode vision = vision(json);
    ViTConfigBuilder builder =
        new HuggingFaceConfig(vision)
            .encoder(32, "quick_gelu", 1e-5)
            .patchBias(false)
            .qkvBias(true)
            .preNorm(true)
            .finalNorm(false);
    if (architecture(json).equals(CLASSIFIER)) {
      return builder.pooling(Pooling.AVG).classes(new HuggingFaceConfig(json).classes()).build();
    }
    if (file.tensors().containsKey(PROJECTION)) {
      ObjectNode whole = json.has("projection_dim") ? json : vision;
      builder.projectionWidth(new JsonFields(whole, "").integer("projection_dim", 512));
    }
    return builder.fcNorm(true).build();
  }

  private static ObjectNode vision(ObjectNode json) {
    boolean whole = json.path("model_type").asText().equals("clip");
    return whole ? HuggingFaceTower.settings(json, "vision_config") : json;
  }

  @Override
  public NameTable names(ViTConfig config, CheckpointFile file) {
    return HuggingFaceTower.names("vision_model.", "")
        .tensor("cls_token", Transform.UNBATCHED, "{p}embeddings.class_embedding")
        .tensor("patch_embed.proj.weight", "{p}embeddings.patch_embedding.weight")
        .layer("norm_pre", "{p}pre_layrnorm")
        .layer("fc_norm", "{p}post_layernorm")
        .tensor("projection.weight", PROJECTION)
        .layer("head", "classifier")
        .ignore("{p}post_layernorm.*") // a classifier has it and does without
        .ignore("text_model.*")
        .ignore("text_projection.weight")
        .ignore("logit_scale");
  }

  @Override
  public List<String> labels(ObjectNode config, int classes) {
    return new HuggingFaceConfig(config).labels(classes);
  }
}
