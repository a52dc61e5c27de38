package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ConfigJson;
import io.vitj.model.ModelException;
import io.vitj.model.ViTConfig;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.json.JsonFields;
import java.util.List;

/**
 * What {@link CanonicalDirectory} writes: canonical names, and a config with the key {@code vitj}
 * that says all of it. Beside that key are timm's own, for timm.
 */
final class CanonicalFamily implements Family {
  /** The key, an object of these fields. */
  static final String KEY = "vitj";

  private static final String ARCHITECTURE = "architecture";
  private static final String CONFIG = "config";
  private static final String MODEL_TYPE = "model_type";

  private static final String ANY_SIZE = "any_size";

  private static final TimmFamily TIMM = new TimmFamily();

  private final JsonFields description;

  /**
   * Takes a config.
   *
   * @param config the contents of {@code config.json}
   * @throws ModelException if the key has no object
   */
  CanonicalFamily(ObjectNode config) {
    JsonNode value = config.path(KEY);
    if (!value.isObject()) {
      throw new JsonFields(config, "").wrong(KEY, "an object");
    }
    description = new JsonFields(value, KEY + '.');
  }

  /**
   * Describes a model.
   *
   * @param model the model
   * @return the value of the key
   */
  static ObjectNode describe(ModelDirectory model) {
    ObjectNode description = JsonNodeFactory.instance.objectNode();
    description.put(ARCHITECTURE, model.architecture());
    description.put(MODEL_TYPE, model.preprocessing().modelType());
    description.put(ANY_SIZE, model.preprocessing().anySize());
    description.set(CONFIG, ConfigJson.write(model.config()));
    return description;
  }

  /**
   * Tells whether preprocessing is described by Hugging Face's file, whatever is in timm's keys.
   *
   * @param config the contents of {@code config.json}
   * @return the model type to read that file by; empty if it is not
   */
  static String modelType(ObjectNode config) {
    return config.path(KEY).path(MODEL_TYPE).asText();
  }

  @Override
  public String name() {
    return "timm's names";
  }

  @Override
  public String architecture(ObjectNode config) {
    return description
        .text(ARCHITECTURE)
        .orElseThrow(() -> new ModelException(KEY + " names no " + ARCHITECTURE));
  }

  @Override
  public ViTConfig config(ObjectNode config, CheckpointFile file) {
    return ConfigJson.read(description.object().path(CONFIG), ViTConfig.class);
  }

  @Override
  public NameTable names(ViTConfig config, CheckpointFile file) {
    return names(config);
  }

  /**
   * Returns the names that timm has for the parameters of an architecture.
   *
   * @param config the architecture
   * @return the canonical names, but where attention knows positions those of {@code Beit} and
   *     {@code Eva}
   */
  static NameTable names(ViTConfig config) {
    return config.rotary() == null && config.relativePositions() == null
        ? NameTable.canonical()
        : EvaLayout.timm();
  }

  @Override
  public List<String> labels(ObjectNode config, int classes) {
    return TIMM.labels(config, classes);
  }

  @Override
  public JsonNode preprocessing(ObjectNode config) {
    return TIMM.preprocessing(config);
  }

  @Override
  public boolean takesAnySize() {
    return description.bool(ANY_SIZE, false);
  }
}
