package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import io.vitj.model.Presets;
import io.vitj.model.ViTConfig;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.image.Statistics;
import io.vitj.model.json.JsonFields;
import io.vitj.tensor.kernel.Activation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code open_clip_config.json}: the image tower in open_clip's own code, which stores it as OpenAI
 * does, or one of timm's architectures.
 *
 * <p>Source: open_clip {@code model.py} ({@code CLIPVisionCfg}), {@code timm_model.py} and {@code
 * transform.py} ({@code image_transform}).
 */
final class OpenClip implements Family {
  static final String NAME = "open_clip";

  private static final String ARCHITECTURE = "timm_model_name";
  private static final String TRUNK = "visual.trunk.";

  /** What is read or changes nothing after training; other settings must be off. */
  private static final Set<String> KNOWN =
      Set.of(
          "image_size",
          "layers",
          "width",
          "head_width",
          "mlp_ratio",
          "ls_init_value",
          "patch_size",
          "patch_dropout",
          "output_tokens",
          "final_ln_after_pool",
          ARCHITECTURE,
          "timm_pool",
          "timm_proj",
          "timm_model_pretrained",
          "timm_drop",
          "timm_drop_path");

  @Override
  public String name() {
    return NAME;
  }

  /**
   * Refuses settings whose effect is not known.
   *
   * @param settings the object
   * @param name its name, for messages
   * @param known what it may have; others must be off
   * @throws ModelException if another is on
   */
  static void requireKnown(JsonNode settings, String name, Set<String> known) {
    for (Map.Entry<String, JsonNode> setting : settings.properties()) {
      boolean on = !setting.getValue().isNull() && !setting.getValue().toString().equals("false");
      if (on && !known.contains(setting.getKey())) {
        throw new ModelException(
            name
                + " has the key "
                + ModelException.quote(setting.getKey())
                + ", which vitj does not know; remove it if it does not change the computation");
      }
    }
  }

  /**
   * Returns the activation of both towers' MLPs in open_clip's own code.
   *
   * @param model {@code model_cfg}
   * @return the activation
   */
  static Activation activation(JsonFields model) {
    return model.bool("quick_gelu", false) ? Activation.QUICK_GELU : Activation.GELU_ERF;
  }

  @Override
  public String architecture(ObjectNode config) {
    ObjectNode vision = vision(config);
    requireKnown(vision, "vision_cfg", KNOWN);
    return new JsonFields(vision, "vision_cfg.").text(ARCHITECTURE).orElse("VisionTransformer");
  }

  @Override
  public ViTConfig config(ObjectNode json, CheckpointFile file) {
    JsonFields model = new JsonFields(json.path("model_cfg"), "model_cfg.");
    JsonFields vision = new JsonFields(vision(json), "vision_cfg.");
    int embedding = model.integer("embed_dim", 512);
    if (vision.text(ARCHITECTURE).isPresent()) {
      return trunk(vision, embedding);
    }
    int width = vision.integer("width", 768);
    int headWidth = vision.integer("head_width", 64);
    if (headWidth < 1 || width % headWidth != 0) {
      throw vision.wrong("head_width", "a divisor of the width " + width);
    }
    int[] image = vision.size("image_size", 224);
    return ViTConfig.builder()
        .imageHeight(image[0])
        .imageWidth(image[1])
        .patch(vision.integer("patch_size", 16))
        .width(width)
        .depth(vision.integer("layers", 12))
        .heads(width / headWidth)
        .mlpHidden((int) (width * vision.number("mlp_ratio", 4)))
        .classes(0)
        .patchBias(false)
        .preNorm(true)
        .layerScale(vision.has("ls_init_value"))
        .layerNormEps(1e-5f)
        .activation(activation(model))
        .projectionWidth(embedding)
        .build();
  }

  private static ViTConfig trunk(JsonFields vision, int embedding) {
    ObjectNode arguments = JsonNodeFactory.instance.objectNode().put("num_classes", 0);
    if (vision.has("image_size")) {
      arguments.set("img_size", vision.object().path("image_size"));
    }
    vision
        .text("timm_pool")
        .filter(p -> !p.isEmpty())
        .ifPresent(p -> arguments.put("global_pool", p));
    int projection =
        switch (vision.text("timm_proj").orElse("linear")) {
          case "linear" -> embedding;
          case "none" -> 0;
          default -> throw vision.wrong("timm_proj", "\"linear\" or \"none\"");
        };
    return Presets.arguments(vision.text(ARCHITECTURE).orElseThrow())
        .with(arguments)
        .config()
        .toBuilder()
        .projectionWidth(projection)
        .build();
  }

  private static ObjectNode vision(ObjectNode config) {
    if (config.path("model_cfg").path("vision_cfg") instanceof ObjectNode vision) {
      return vision;
    }
    throw new ModelException("model_cfg has no vision_cfg");
  }

  @Override
  public NameTable names(ViTConfig config, CheckpointFile file) {
    boolean own = file.tensors().keySet().stream().noneMatch(name -> name.startsWith(TRUNK));
    return own
        ? new OriginalClip().names(config, file)
        : NameTable.canonical(TRUNK)
            .ignoreOthers()
            .tensor("projection.weight", "visual.head.proj.weight");
  }

  @Override
  public List<String> labels(ObjectNode config, int classes) {
    return List.of();
  }

  /** open_clip resizes to the input itself: the shorter edge, or with "squash" both. */
  @Override
  public JsonNode preprocessing(ObjectNode config) {
    JsonFields given = new JsonFields(config.path("preprocess_cfg"), "preprocess_cfg.");
    ObjectNode timm = JsonNodeFactory.instance.objectNode().put("crop_pct", 1.0);
    timm.put("interpolation", given.text("interpolation").orElse("bicubic"));
    timm.put(
        "crop_mode",
        switch (given.text("resize_mode").orElse("shortest")) {
          case "shortest" -> "center";
          case "squash" -> "squash";
          default -> throw given.wrong("resize_mode", "\"shortest\" or \"squash\"");
        });
    timm.set(
        "mean", given.has("mean") ? given.object().path("mean") : numbers(Statistics.CLIP.mean()));
    timm.set("std", given.has("std") ? given.object().path("std") : numbers(Statistics.CLIP.std()));
    return timm;
  }

  private static JsonNode numbers(double... values) {
    return JsonNodeFactory.instance
        .arrayNode()
        .addAll(
            Arrays.stream(values)
                .<JsonNode>mapToObj(JsonNodeFactory.instance::numberNode)
                .toList());
  }
}
