package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ViTConfig;
import io.vitj.model.checkpoint.CheckpointFile;
import java.util.List;

/**
 * {@code model_type} "vit_mae" of Hugging Face's transformers: the encoder of a masked autoencoder
 * (He et al., 2022), which sees every patch here, in reading order. The decoder is not used.
 */
final class HuggingFaceMae implements Family {
  private static final String PREFIX = "vit.";

  @Override
  public String name() {
    return "Hugging Face ViT-MAE";
  }

  @Override
  public String architecture(ObjectNode config) {
    return new HuggingFaceConfig(config)
        .architecture(List.of("ViTMAEForPreTraining", "ViTMAEModel"));
  }

  @Override
  public ViTConfig config(ObjectNode json, CheckpointFile file) {
    return new HuggingFaceConfig(json).encoder().build();
  }

  @Override
  public NameTable names(ViTConfig config, CheckpointFile file) {
    return HuggingFaceEncoder.names(PREFIX).ignore("decoder.*");
  }

  @Override
  public List<String> labels(ObjectNode config, int classes) {
    return List.of();
  }
}
