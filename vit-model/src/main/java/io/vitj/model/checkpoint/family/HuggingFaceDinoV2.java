package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfig.MlpKind;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.ViTConfigBuilder;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.image.GridResampling;
import io.vitj.model.json.JsonFields;
import java.util.List;

/**
 * {@code model_type} "dinov2" and "dinov2_with_registers" of Hugging Face's transformers: the class
 * token after the last norm, or a classifier on it and the mean of the patches. Registers are put
 * in between the class token and the patches after these got their positions.
 */
final class HuggingFaceDinoV2 implements Family {
  private static final double EPSILON = 1e-6;

  private final boolean registers;
  private final String stem; // what the names of its classes begin with

  /**
   * @param registers whether it is "dinov2_with_registers" (Darcet et al., 2024), not "dinov2"
   *     (Oquab et al., 2024)
   */
  HuggingFaceDinoV2(boolean registers) {
    this.registers = registers;
    this.stem = registers ? "Dinov2WithRegisters" : "Dinov2";
  }

  @Override
  public String name() {
    return registers ? "Hugging Face DINOv2 with registers" : "Hugging Face DINOv2";
  }

  private String classifier() {
    return stem + "ForImageClassification";
  }

  @Override
  public String architecture(ObjectNode config) {
    return new HuggingFaceConfig(config).architecture(List.of(stem + "Model", classifier()));
  }

  @Override
  public ViTConfig config(ObjectNode json, CheckpointFile file) {
    HuggingFaceConfig config = new HuggingFaceConfig(json);
    JsonFields fields = new JsonFields(json, "");
    int width = fields.integer("hidden_size", 768);
    ViTConfigBuilder builder =
        config
            .encoder(registers ? 16 : 14, "gelu", EPSILON)
            .mlpHidden((int) (width * fields.number("mlp_ratio", 4)))
            .layerScale(true)
            .positions(Positions.ALL_BUT_REGISTERS);
    if (fields.bool("use_swiglu_ffn", false)) {
      // Two thirds of the width of a plain MLP, which has two matrices instead of three, and
      // rounded up to a multiple of 8.
      int plain = (int) (width * fields.number("mlp_ratio", 4));
      builder.mlpKind(MlpKind.SWIGLU).mlpHidden(Math.ceilDiv((int) (plain * 2 / 3.0), 8) * 8);
    }
    if (registers) {
      builder
          .registerTokens(fields.integer("num_register_tokens", 4))
          .positionResampling(GridResampling.ANTIALIASED);
    }
    if (architecture(json).equals(classifier())) {
      builder.classes(config.classes()).pooling(Pooling.TOKEN_AND_AVG);
    }
    return builder.build();
  }

  @Override
  public NameTable names(ViTConfig config, CheckpointFile file) {
    NameTable names =
        HuggingFaceEncoder.dinoV2Names(registers ? "dinov2_with_registers." : "dinov2.")
            .layer("head", "classifier");
    if (config.mlpKind() == MlpKind.SWIGLU) {
      names
          .layer("blocks.{i}.mlp.fc1", "{p}encoder.layer.{i}.mlp.weights_in")
          .layer("blocks.{i}.mlp.fc2", "{p}encoder.layer.{i}.mlp.weights_out");
    }
    return names;
  }

  @Override
  public List<String> labels(ObjectNode config, int classes) {
    return new HuggingFaceConfig(config).labels(classes);
  }

  @Override
  public boolean takesAnySize() {
    return true;
  }
}
