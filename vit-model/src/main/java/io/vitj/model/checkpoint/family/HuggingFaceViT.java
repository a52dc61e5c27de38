package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfigBuilder;
import io.vitj.model.checkpoint.CheckpointFile;
import java.util.List;

/**
 * {@code model_type} "vit" of Hugging Face's transformers, with or without classifier and pooler.
 */
final class HuggingFaceViT implements Family {
  private static final String CLASSIFIER = "ViTForImageClassification";
  private static final String PREFIX = "vit.";

  @Override
  public String name() {
    return "Hugging Face ViT";
  }

  @Override
  public String architecture(ObjectNode config) {
    return new HuggingFaceConfig(config).architecture(List.of(CLASSIFIER, "ViTModel"));
  }

  @Override
  public ViTConfig config(ObjectNode json, CheckpointFile file) {
    HuggingFaceConfig config = new HuggingFaceConfig(json);
    ViTConfigBuilder builder = config.encoder();
    if (architecture(json).equals(CLASSIFIER)) {
      builder.classes(config.classes());
    } else if (HuggingFaceEncoder.hasPooler(file, PREFIX)) {
      config.addPooler(builder);
    }
    return builder.build();
  }

  @Override
  public NameTable names(ViTConfig config, CheckpointFile file) {
    NameTable names = HuggingFaceEncoder.names(PREFIX).layer("head", "classifier");
    return config.classes() > 0 ? names.ignore("{p}pooler.dense.*") : names;
  }

  @Override
  public List<String> labels(ObjectNode config, int classes) {
    return new HuggingFaceConfig(config).labels(classes);
  }
}
