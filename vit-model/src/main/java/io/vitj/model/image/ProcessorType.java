package io.vitj.model.image;

import io.vitj.model.ModelException;
import io.vitj.model.json.JsonFields;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The image processor classes of transformers that preprocess for Vision Transformers, with the
 * settings a configuration may leave out.
 *
 * <p>Source: transformers {@code models/<name>/image_processing_pil_<name>.py}; of DINOv3, which
 * has none, {@code image_processing_dinov3_vit.py}.
 */
enum ProcessorType {
  VIT("ViT", Filter.BILINEAR, 224, 0, Statistics.HALF),
  DEIT("DeiT", Filter.BICUBIC, 256, 224, Statistics.HALF),
  BEIT("Beit", Filter.BICUBIC, 224, 0, Statistics.HALF),
  SIGLIP("Siglip", Filter.BICUBIC, 224, 0, Statistics.HALF),
  CLIP("CLIP", Filter.BICUBIC, 224, 224, Statistics.CLIP),
  CHINESE_CLIP("ChineseCLIP", Filter.BICUBIC, 224, 224, Statistics.CLIP),
  BIT("Bit", Filter.BICUBIC, 224, 224, Statistics.CLIP),
  DINOV3_VIT("DINOv3ViT", Filter.BILINEAR, 224, 0, Statistics.IMAGENET);

  private final String label;
  private final Filter filter;
  private final int edge;
  private final int cropEdge;
  private final Statistics statistics;

  ProcessorType(String label, Filter filter, int edge, int cropEdge, Statistics statistics) {
    this.label = label;
    this.filter = filter;
    this.edge = edge;
    this.cropEdge = cropEdge;
    this.statistics = statistics;
  }

  Filter filter() {
    return filter;
  }

  ResizeRule resize() {
    return this == CLIP || this == CHINESE_CLIP || this == BIT
        ? new ResizeRule.ShortestEdge(edge)
        : new ResizeRule.Exact(edge, edge);
  }

  /** Whether a size of one integer means a square, not the shorter edge. */
  boolean integerIsSquare() {
    return this == VIT || this == DEIT || this == BEIT || this == DINOV3_VIT;
  }

  /** Whether the picture is cropped if nothing is said about it. */
  boolean crops() {
    return cropEdge > 0;
  }

  /** The edge of the crop if nothing is said about it, or 0 if it must be said. */
  int cropEdge() {
    return this == BEIT ? edge : cropEdge;
  }

  /** Whether rescaled floats are resized, not samples of 8 bits. */
  boolean resizesFloats() {
    return this == DINOV3_VIT;
  }

  Statistics statistics() {
    return statistics;
  }

  /**
   * The class a configuration names, under its present or an earlier name, or else the class of the
   * model type.
   *
   * @param modelType {@code model_type} of the model's configuration, or null
   * @throws ModelException if neither leads to a class that is known here
   */
  static ProcessorType of(JsonFields fields, String modelType) {
    Optional<String> named =
        fields.text("image_processor_type").or(() -> fields.text("feature_extractor_type"));
    if (named.isEmpty()) {
      return ofModel(modelType)
          .orElseThrow(
              () ->
                  new ModelException(
                      "%sno image_processor_type, and none belongs to model_type %s; add one of: %s"
                          .formatted(fields.prefix(), modelType, names())));
    }
    String stem = named.get().replaceFirst("(ImageProcessor(Fast|Pil)?|FeatureExtractor)$", "");
    return Arrays.stream(values())
        .filter(type -> type.label.equals(stem))
        .findFirst()
        .orElseThrow(
            () ->
                new ModelException(
                    "%simage processor %s is not supported; these are: %s"
                        .formatted(fields.prefix(), ModelException.oneLine(named.get()), names())));
  }

  private static Optional<ProcessorType> ofModel(String modelType) {
    if (modelType == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        switch (modelType) {
          case "vit", "vit_mae", "vit_msn", "ijepa" -> VIT;
          case "deit" -> DEIT;
          case "beit", "data2vec-vision" -> BEIT;
          case "siglip", "siglip_vision_model" -> SIGLIP;
          case "clip", "clip_vision_model", "metaclip_2", "mlcd" -> CLIP;
          case "chinese_clip", "chinese_clip_vision_model" -> CHINESE_CLIP;
          case "dinov2", "dinov2_with_registers" -> BIT;
          case "dinov3_vit" -> DINOV3_VIT;
          default -> null;
        });
  }

  private static String names() {
    return Arrays.stream(values())
        .map(type -> type.label + "ImageProcessor")
        .collect(Collectors.joining(", "));
  }
}
