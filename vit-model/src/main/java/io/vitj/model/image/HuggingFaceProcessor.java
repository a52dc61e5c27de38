package io.vitj.model.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.vitj.model.ModelException;
import io.vitj.model.image.ResizeRule.Size;
import io.vitj.model.json.JsonFields;
import java.util.HashSet;
import java.util.Set;

/**
 * A Hugging Face {@code preprocessor_config.json}.
 *
 * <p>Source: transformers {@code image_processing_backends.PilBackend} and {@code
 * image_processing_utils.get_size_dict}. A setting that is null is as good as absent there.
 */
final class HuggingFaceProcessor {
  private static final Set<String> KNOWN_STEPS =
      Set.of(
          "do_resize",
          "do_center_crop",
          "do_rescale",
          "do_normalize",
          // Pictures are RGB already.
          "do_convert_rgb",
          // About segmentation maps.
          "do_reduce_labels");

  private static final String SIZES =
      "{height, width}, {shortest_edge}, {shortest_edge, longest_edge} or {max_height, max_width}";

  private final JsonFields fields;
  private final ProcessorType type;

  private HuggingFaceProcessor(JsonFields fields, ProcessorType type) {
    this.fields = fields;
    this.type = type;
  }

  static Preprocess parse(JsonNode config, String modelType, String source) {
    JsonFields fields = new JsonFields(config, source + ": ");
    return new HuggingFaceProcessor(fields, ProcessorType.of(fields, modelType)).build();
  }

  private Preprocess build() {
    rejectUnknownSteps();
    ResizeRule resize = fields.bool("do_resize", true) ? resize() : new ResizeRule.Keep();
    Size size;
    if (fields.bool("do_center_crop", type.crops())) {
      if (type.resizesFloats()) {
        throw fields.wrong("do_center_crop", "false for this image processor");
      }
      size = cropSize();
    } else if (resize instanceof ResizeRule.Exact exact) {
      size = new Size(exact.width(), exact.height());
    } else {
      throw new ModelException(
          "%s%s without a centre crop leaves the size open; set do_center_crop and crop_size"
              .formatted(fields.prefix(), resize));
    }
    return new Preprocess(
        resize,
        filter(),
        CropRule.TRANSFORMERS,
        size.width(),
        size.height(),
        new byte[3],
        normalization(),
        type.resizesFloats());
  }

  /** A step that is skipped would silently change what the model sees. */
  private void rejectUnknownSteps() {
    fields
        .object()
        .properties()
        .forEach(
            entry -> {
              String key = entry.getKey();
              boolean step = key.startsWith("do_") || key.equals("use_square_size");
              if (step && entry.getValue().asBoolean(false) && !KNOWN_STEPS.contains(key)) {
                throw new ModelException(
                    "%s%s is not supported; set it to false if the model does without it"
                        .formatted(fields.prefix(), key));
              }
            });
  }

  private Normalization normalization() {
    double factor = Double.NaN;
    if (fields.bool("do_rescale", true)) {
      factor = fields.number("rescale_factor", 1 / 255.0);
      if (!(Math.abs(factor) > 0 && Double.isFinite(factor))) {
        throw fields.wrong("rescale_factor", "different from 0");
      }
    }
    double[] mean = null;
    double[] std = null;
    if (fields.bool("do_normalize", true)) {
      mean = Settings.channels(fields, "image_mean", type.statistics().mean());
      std = Settings.deviations(fields, "image_std", type.statistics().std());
    }
    return type.resizesFloats()
        ? Normalization.tensors(factor, mean, std)
        : Normalization.transformers(factor, mean, std);
  }

  private Filter filter() {
    if (!fields.has("resample")) {
      return type.filter();
    }
    JsonNode resample = fields.object().path("resample");
    Filter filter =
        (resample.isTextual()
                ? Filter.ofName(resample.textValue())
                : Filter.ofCode(fields.integer("resample", 0)))
            .orElseThrow(() -> fields.wrong("resample", "Pillow's filter, 0 to 5"));
    if (type.resizesFloats() && filter != Filter.BILINEAR && filter != Filter.BICUBIC) {
      throw fields.wrong("resample", "2 or 3, bilinear or bicubic, for this image processor");
    }
    return filter;
  }

  private ResizeRule resize() {
    JsonNode size = fields.object().path("size");
    if (!fields.has("size")) {
      return type.resize();
    }
    if (size.isObject()) {
      return sizeObject(size);
    }
    if (size.isArray() || fields.bool("default_to_square", type.integerIsSquare())) {
      int[] heightWidth = fields.size("size", 0);
      return new ResizeRule.Exact(edge("size", heightWidth[1]), edge("size", heightWidth[0]));
    }
    return new ResizeRule.ShortestEdge(edge("size", fields.integer("size", 0)));
  }

  private ResizeRule sizeObject(JsonNode size) {
    Set<String> keys = new HashSet<>();
    size.properties()
        .forEach(
            entry -> {
              if (!(entry.getValue() instanceof NullNode)) {
                keys.add(entry.getKey());
              }
            });
    if (keys.equals(Set.of("height", "width"))) {
      return new ResizeRule.Exact(edge(size, "width"), edge(size, "height"));
    }
    if (keys.equals(Set.of("shortest_edge"))) {
      return new ResizeRule.ShortestEdge(edge(size, "shortest_edge"));
    }
    if (keys.equals(Set.of("shortest_edge", "longest_edge"))) {
      return new ResizeRule.ShortestEdgeWithin(
          edge(size, "shortest_edge"), edge(size, "longest_edge"));
    }
    if (keys.equals(Set.of("max_height", "max_width"))) {
      return new ResizeRule.Within(edge(size, "max_width"), edge(size, "max_height"));
    }
    throw fields.wrong("size", SIZES);
  }

  private Size cropSize() {
    JsonNode size = fields.object().path("crop_size");
    if (size.isObject()) {
      return new Size(edge(size, "width", "crop_size"), edge(size, "height", "crop_size"));
    }
    if (!fields.has("crop_size") && type.cropEdge() == 0) {
      throw new ModelException(
          fields.prefix() + "do_center_crop is true, but there is no crop_size; add it");
    }
    int[] heightWidth = fields.size("crop_size", type.cropEdge());
    return new Size(edge("crop_size", heightWidth[1]), edge("crop_size", heightWidth[0]));
  }

  private int edge(JsonNode size, String key) {
    return edge(size, key, "size");
  }

  private int edge(JsonNode size, String key, String parent) {
    JsonFields members = new JsonFields(size, fields.prefix() + parent + ".");
    return Settings.edge(members, key, members.integer(key, 0));
  }

  private int edge(String key, int value) {
    return Settings.edge(fields, key, value);
  }
}
