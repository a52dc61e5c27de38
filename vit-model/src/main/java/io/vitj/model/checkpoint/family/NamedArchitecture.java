package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import io.vitj.model.Presets;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.checkpoint.StoredTensor;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The config of weights that come without one: the architecture has a name, and what fine-tuning
 * changes (classes, pooling, image size) follows from the weights.
 */
final class NamedArchitecture {
  private NamedArchitecture() {}

  /**
   * Makes the config.
   *
   * @param name the architecture in timm, with or without a tag
   * @param family the layout of the weights
   * @param file the weights
   * @return what timm would have written as {@code config.json}
   * @throws ModelException if the weights have positions that no image size accounts for
   */
  static ObjectNode config(String name, Family family, CheckpointFile file) {
    Map<String, StoredTensor> tensors = file.tensors();
    ObjectNode config = JsonNodeFactory.instance.objectNode().put("architecture", name);
    StoredTensor head = tensors.get("head.weight");
    config.put("num_classes", head == null || head.shape().rank() == 0 ? 0 : head.shape().dim(0));
    if (tensors.containsKey("fc_norm.weight") && Presets.config(name).pooling() != Pooling.NONE) {
      config.put("global_pool", "avg");
    }
    ViTConfig preset = family.config(config, file);
    OptionalInt patches = StoredPositions.patches(preset, family.names(preset, file), file);
    if (patches.isPresent() && patches.getAsInt() != preset.patches()) {
      config.set("model_args", imageSize(patches.getAsInt(), preset.patch()));
    }
    return config;
  }

  private static ObjectNode imageSize(int patches, int patch) {
    int side = (int) Math.sqrt(Math.max(patches, 0));
    if (side == 0 || side * side != patches) {
      throw new ModelException(
          "its positions are for "
              + patches
              + " patches, which make no square; write a config.json with img_size");
    }
    return JsonNodeFactory.instance.objectNode().put("img_size", side * patch);
  }

  /**
   * Returns timm's {@code pretrained_cfg} of an architecture.
   *
   * @param name its name; where timm has none, the weights are Google's
   * @param config its config
   * @return the description of its preprocessing
   */
  static ObjectNode preprocessing(String name, ViTConfig config) {
    ObjectNode description =
        PretrainedConfigs.of(name).orElseGet(() -> PretrainedConfigs.ofGoogle(config));
    description
        .putArray("input_size")
        .add(config.channels())
        .add(config.imageHeight())
        .add(config.imageWidth());
    return description;
  }
}
