package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import io.vitj.model.Presets;
import io.vitj.model.TimmArguments;
import io.vitj.model.ViTConfig;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.json.JsonFields;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * timm's {@code VisionTransformer}, {@code VisionTransformerDistilled}, {@code Beit} and {@code
 * Eva}, in the layout of timm or of those who trained the weights. As in timm, {@code model_args}
 * overrides {@code num_classes} and the input size of {@code pretrained_cfg}, and these override
 * the architecture's preset.
 */
final class TimmFamily implements Family {
  /** The layouts that have names of their own, told apart in this order. */
  private static final List<TimmLayout> OTHERS =
      List.of(
          new OriginalDinoV3(),
          new EvaLayout("blocks.0.gamma_1"),
          new EvaLayout("blocks.0.attn.q_bias"),
          new EvaLayout("blocks.0.attn.q_proj.weight"),
          new OriginalMae(),
          new OriginalDinoV2(),
          new OriginalDeiT3(),
          new OriginalClip());

  private final TimmLayout layout;

  /** Takes timm's own layout. */
  TimmFamily() {
    this(TimmLayout.TIMM);
  }

  private TimmFamily(TimmLayout layout) {
    this.layout = layout;
  }

  @Override
  public TimmFamily of(CheckpointFile file) {
    return OTHERS.stream()
        .filter(other -> other.matches(file))
        .findFirst()
        .map(TimmFamily::new)
        .orElse(this);
  }

  @Override
  public String name() {
    return layout.name();
  }

  @Override
  public String architecture(ObjectNode config) {
    String name = new JsonFields(config, "").text("architecture").orElseThrow();
    Presets.requireKnown(name);
    return name;
  }

  @Override
  public ViTConfig config(ObjectNode config, CheckpointFile file) {
    TimmArguments preset = Presets.arguments(architecture(config));
    ObjectNode overrides = JsonNodeFactory.instance.objectNode();
    overrideFromPretrained(overrides, pretrained(config));
    copy(config, "num_classes", overrides);
    copy(config, "global_pool", overrides);
    JsonNode arguments = config.path("model_args");
    if (arguments instanceof ObjectNode object) {
      overrides.setAll(object);
    } else if (!arguments.isMissingNode() && !arguments.isNull()) {
      throw new JsonFields(config, "").wrong("model_args", "an object");
    }
    return layout.config(preset.with(overrides).config(), file);
  }

  /** {@code pretrained_cfg}, or what stood in its place before timm 0.9: its fields themselves. */
  @Override
  public JsonNode preprocessing(ObjectNode config) {
    return pretrained(config);
  }

  private static JsonNode pretrained(ObjectNode config) {
    JsonNode nested = config.path("pretrained_cfg");
    if (nested.isObject()) {
      return nested;
    }
    return config.has("architecture") && config.has("input_size")
        ? config
        : MissingNode.getInstance();
  }

  private static void overrideFromPretrained(ObjectNode overrides, JsonNode pretrained) {
    copy(pretrained, "num_classes", overrides);
    JsonNode size = pretrained.path("input_size");
    if (size.isMissingNode() || size.isNull()) {
      return;
    }
    if (size.size() != 3) {
      throw new JsonFields(pretrained, "pretrained_cfg.")
          .wrong("input_size", "a list of channels, height and width");
    }
    overrides.set("in_chans", size.get(0));
    overrides.putArray("img_size").add(size.get(1)).add(size.get(2));
  }

  private static void copy(JsonNode from, String key, ObjectNode to) {
    if (from.hasNonNull(key)) {
      to.set(key, from.get(key));
    }
  }

  @Override
  public NameTable names(ViTConfig config, CheckpointFile file) {
    return layout.names(config, file);
  }

  @Override
  public List<String> labels(ObjectNode config, int classes) {
    JsonNode source = config.has("label_names") ? config : pretrained(config);
    JsonNode names = source.has("label_names") ? source.path("label_names") : source.path("labels");
    JsonNode descriptions = source.path("label_descriptions");
    Map<Integer, String> byIndex = new TreeMap<>();
    if (names.isArray()) {
      for (int i = 0; i < names.size(); i++) {
        byIndex.put(i, names.get(i).asText());
      }
    } else {
      names.properties().forEach(e -> byIndex.put(Labels.index(e.getKey()), e.getValue().asText()));
    }
    byIndex.replaceAll((i, name) -> descriptions.path(name).asText(name));
    if (names.isArray() && names.size() != classes) {
      throw new ModelException(
          "label_names has " + names.size() + " labels, but the head has " + classes + " classes");
    }
    return Labels.of(byIndex, classes);
  }
}
