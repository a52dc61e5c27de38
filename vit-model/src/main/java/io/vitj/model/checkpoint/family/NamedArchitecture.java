package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import io.vitj.model.Presets;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.checkpoint.StoredTensor;
import io.vitj.model.image.Statistics;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The config of weights that come without one: the architecture has a name, and what fine-tuning
 * changes (classes, pooling, image size) follows from the weights.
 */
final class NamedArchitecture {
  /** DeiT's own weights, DINO's and MAE's of timm's plain architectures, DINOv2, I-JEPA. */
  private static final Pattern IMAGENET =
      Pattern.compile("deit.*|.*\\.(dino|mae).*|.*dinov2.*|vit_(huge|giant)_.*_gap_.*");

  /** timm has large models of LAION at the range −1 to 1. */
  private static final Pattern CLIP =
      Pattern.compile(
          "(?!vit_large_patch14_clip_(224|336)(\\.laion2b.*)?$).*_clip_.*|eva_large_.*");

  /** CLIP and DINOv2 resize to the crop itself. */
  private static final Pattern WHOLE = Pattern.compile(".*(_clip_|dinov2|eva_large_).*");

  /** timm resizes to the crop itself where it was fine-tuned at more pixels. */
  private static final int FINE_TUNED_SIZE = 384;

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
   * Returns timm's {@code pretrained_cfg} of an architecture, as far as one rule has it: CLIP is
   * preprocessed as by its authors, whose whole picture timm has cropped in some.
   *
   * @param name its name
   * @param config its config
   * @return the description of its preprocessing
   */
  static ObjectNode preprocessing(String name, ViTConfig config) {
    Statistics statistics =
        CLIP.matcher(name).matches()
            ? Statistics.CLIP
            : IMAGENET.matcher(name).matches() ? Statistics.IMAGENET : Statistics.HALF;
    boolean whole = WHOLE.matcher(name).matches() || config.imageHeight() >= FINE_TUNED_SIZE;
    ObjectNode description = JsonNodeFactory.instance.objectNode();
    description
        .putArray("input_size")
        .add(config.channels())
        .add(config.imageHeight())
        .add(config.imageWidth());
    description.put("interpolation", "bicubic");
    description.put("crop_pct", whole ? 1.0 : 0.9);
    addAll(description, "mean", statistics.mean());
    addAll(description, "std", statistics.std());
    return description;
  }

  private static void addAll(ObjectNode description, String key, double... values) {
    for (double value : values) {
      description.withArray(key).add(value);
    }
  }
}
