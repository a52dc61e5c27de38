package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import io.vitj.model.json.JsonFields;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** All families, and which of them a config belongs to. */
final class Families {
  private static final Family TIMM = new TimmFamily();
  private static final Family OPEN_CLIP = new OpenClip();

  private static final SortedMap<String, Family> BY_MODEL_TYPE =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("vit", new HuggingFaceViT()),
              Map.entry("deit", new HuggingFaceDeiT()),
              Map.entry("vit_mae", new HuggingFaceMae()),
              Map.entry("dinov2", new HuggingFaceDinoV2(false)),
              Map.entry("dinov2_with_registers", new HuggingFaceDinoV2(true)),
              Map.entry("beit", new HuggingFaceBeit()),
              Map.entry("dinov3_vit", new HuggingFaceDinoV3()),
              Map.entry("siglip", new HuggingFaceSiglip()),
              Map.entry("siglip_vision_model", new HuggingFaceSiglip()),
              Map.entry("clip", new HuggingFaceClip()),
              Map.entry("clip_vision_model", new HuggingFaceClip())));

  private Families() {}

  /**
   * Finds the family of a config: {@code vitj} is the key of what vitj converted, {@code
   * architecture} timm's, {@code model_cfg} open_clip's, {@code model_type} Hugging Face's.
   *
   * @param config the contents of {@code config.json}
   * @return the family
   * @throws ModelException if it is none that is supported
   */
  static Family of(ObjectNode config) {
    if (config.has(CanonicalFamily.KEY)) {
      return new CanonicalFamily(config);
    }
    JsonFields fields = new JsonFields(config, "");
    if (fields.text("architecture").isPresent()) {
      return TIMM;
    }
    if (config.has("model_cfg")) {
      return OPEN_CLIP;
    }
    String supported = String.join(", ", BY_MODEL_TYPE.keySet());
    String type =
        fields
            .text("model_type")
            .orElseThrow(
                () ->
                    new ModelException(
                        "names neither a timm \"architecture\" nor a Hugging Face \"model_type\" ("
                            + supported
                            + ")"));
    Family family = BY_MODEL_TYPE.get(type);
    if (family == null) {
      throw new ModelException(
          "model_type "
              + ModelException.quote(type)
              + " is not supported; vitj reads "
              + supported
              + " and timm's architectures");
    }
    return family;
  }
}
