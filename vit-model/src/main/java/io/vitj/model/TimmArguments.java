package io.vitj.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.json.JsonFields;
import java.util.Map;
import java.util.Set;

/**
 * The arguments of one of timm's models, by its own names. A preset is a set of them, and the
 * {@code model_args} of a checkpoint override some; only then do they become a {@link ViTConfig},
 * because arguments such as {@code mlp_ratio} and {@code fc_norm} take effect through others.
 */
public final class TimmArguments {
  /** Regularisation and initialisation for training, and permission for other image sizes. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "drop_rate",
          "pos_drop_rate",
          "patch_drop_rate",
          "proj_drop_rate",
          "attn_drop_rate",
          "drop_path_rate",
          "weight_init",
          "fix_init",
          "head_init_scale",
          "dynamic_img_size",
          "dynamic_img_pad");

  private final ObjectNode values;
  private final TimmModel model;
  private final float epsilon;

  /**
   * Takes arguments.
   *
   * @param values names and values; copied
   * @param model the model that they are for
   * @param epsilon ε of {@code norm_layer}
   */
  TimmArguments(ObjectNode values, TimmModel model, float epsilon) {
    this.values = values.deepCopy();
    this.model = model;
    this.epsilon = epsilon;
  }

  /**
   * Overrides some arguments.
   *
   * @param overrides names and values; an explicit null stands for timm's default
   * @return all arguments
   */
  public TimmArguments with(ObjectNode overrides) {
    TimmArguments all = new TimmArguments(values, model, epsilon);
    all.values.setAll(overrides);
    return all;
  }

  /**
   * Makes the config that timm would build.
   *
   * @return the config
   * @throws ModelException if an argument is unknown, is of a wrong type, asks for what is not
   *     implemented, or contradicts another
   */
  public ViTConfig config() {
    for (Map.Entry<String, JsonNode> argument : values.properties()) {
      requireSupported(argument.getKey(), argument.getValue());
    }
    JsonFields fields = new JsonFields(values, "model_args.");
    return model.config(fields).layerNormEps(epsilon).build();
  }

  /** Returns whether these are for a model that has an argument of this name. */
  boolean take(String key) {
    return model.arguments().contains(key);
  }

  private void requireSupported(String key, JsonNode value) {
    if (model.arguments().contains(key) || WITHOUT_EFFECT.contains(key) || value.isNull()) {
      return;
    }
    String only = model.fixed().get(key);
    if (only == null) {
      throw new ModelException(
          "model_args has the key "
              + ModelException.quote(key)
              + ", which vitj does not know; remove it if it does not change the computation");
    }
    if (!only.equals(value.toString())) {
      throw new ModelException(
          "model_args."
              + key
              + " is "
              + ModelException.oneLine(value.toString())
              + "; vitj implements "
              + only
              + " only");
    }
  }
}
