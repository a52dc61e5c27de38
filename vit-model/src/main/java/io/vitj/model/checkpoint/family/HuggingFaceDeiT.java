package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfigBuilder;
import io.vitj.model.checkpoint.CheckpointFile;
import java.util.List;

/**
 * {@code model_type} "deit" of Hugging Face's transformers: always with a distillation token, with
 * one head on the class token, two heads whose logits are averaged, or none.
 */
final class HuggingFaceDeiT implements Family {
  private static final String CLASSIFIER = "DeiTForImageClassification";
  private static final String DISTILLED = "DeiTForImageClassificationWithTeacher";
  private static final String PREFIX = "deit.";

  @Override
  public String name() {
    return "Hugging Face DeiT";
  }

  @Override
  public String architecture(ObjectNode config) {
    return new HuggingFaceConfig(config).architecture(List.of(DISTILLED, CLASSIFIER, "DeiTModel"));
  }

  @Override
  public ViTConfig config(ObjectNode json, CheckpointFile file) {
    HuggingFaceConfig config = new HuggingFaceConfig(json);
    ViTConfigBuilder builder = config.encoder().distillationToken(true);
    String architecture = architecture(json);
    if (architecture.equals(DISTILLED)) {
      builder.classes(config.classes()).distilledHead(true);
    } else if (architecture.equals(CLASSIFIER)) {
      builder.classes(config.classes());
    } else if (HuggingFaceEncoder.hasPooler(file, PREFIX)) {
      config.addPooler(builder);
    }
    return builder.build();
  }

  @Override
  public NameTable names(ViTConfig config, CheckpointFile file) {
    NameTable names = HuggingFaceEncoder.names(PREFIX);
    if (config.distilledHead()) {
      names.layer("head", "cls_classifier").layer("head_dist", "distillation_classifier");
    } else {
      names.layer("head", "classifier");
    }
    return config.classes() > 0 ? names.ignore("{p}pooler.dense.*") : names;
  }

  @Override
  public List<String> labels(ObjectNode config, int classes) {
    return new HuggingFaceConfig(config).labels(classes);
  }
}
