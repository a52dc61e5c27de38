package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfigBuilder;
import io.vitj.model.image.GridResampling;
import io.vitj.model.json.JsonFields;
import io.vitj.tensor.kernel.Activation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The fields that the ViT configs of Hugging Face's transformers share. Saved configs leave out
 * what equals the default of their class, so absent fields have those defaults.
 *
 * @param json the contents of {@code config.json}
 */
record HuggingFaceConfig(ObjectNode json) {
  /** What {@code PretrainedConfig} takes for {@code id2label} where there is none. */
  private static final int DEFAULT_CLASSES = 2;

  private JsonFields fields() {
    return new JsonFields(json, "");
  }

  /**
   * Returns the class that the checkpoint was saved from.
   *
   * @param known the classes of the family; the first stands in where the config names none
   * @return one of them
   * @throws ModelException if it is another class
   */
  String architecture(List<String> known) {
    List<String> named = fields().texts("architectures");
    if (named.isEmpty()) {
      return known.getFirst();
    }
    if (!known.contains(named.getFirst())) {
      throw new ModelException(
          "architecture "
              + ModelException.quote(named.getFirst())
              + " is not supported; of "
              + "model_type "
              + json.path("model_type")
              + ", vitj reads "
              + String.join(", ", known));
    }
    return named.getFirst();
  }

  /**
   * Reads the encoder; head, pooler and tokens are left to the family.
   *
   * @param patch the patch size where the config has none
   * @param act the activation of the MLP where the config has none
   * @param eps ε of the layer norms where the config has none
   * @return a builder without a head
   * @throws ModelException if a value is of a wrong type or not implemented
   */
  ViTConfigBuilder encoder(int patch, String act, double eps) {
    JsonFields fields = fields();
    int[] image = fields.size("image_size", 224);
    int[] sides = fields.size("patch_size", patch);
    if (sides[0] != sides[1]) {
      throw fields.wrong("patch_size", "square");
    }
    return ViTConfig.builder()
        .imageHeight(image[0])
        .imageWidth(image[1])
        .patch(sides[0])
        .channels(fields.integer("num_channels", 3))
        .width(fields.integer("hidden_size", 768))
        .depth(fields.integer("num_hidden_layers", 12))
        .heads(fields.integer("num_attention_heads", 12))
        .mlpHidden(fields.integer("intermediate_size", 3072))
        .qkvBias(fields.bool("qkv_bias", true))
        .activation(activation("hidden_act", act))
        .layerNormEps((float) fields.number("layer_norm_eps", eps))
        .positionResampling(GridResampling.BICUBIC)
        .classes(0);
  }

  /**
   * Reads the encoder with the defaults of the classes ViT, DeiT and ViT-MAE.
   *
   * @return a builder without a head
   * @throws ModelException if a value is of a wrong type or not implemented
   */
  ViTConfigBuilder encoder() {
    return encoder(16, "gelu", 1e-12);
  }

  /**
   * Adds the dense layer and activation that {@code ViTModel} puts behind the class token.
   *
   * @param builder the builder to change
   */
  void addPooler(ViTConfigBuilder builder) {
    JsonFields fields = fields();
    int width = fields.integer("hidden_size", 768);
    builder
        .poolerWidth(fields.integer("pooler_output_size", width))
        .poolerActivation(activation("pooler_act", "tanh"));
  }

  /**
   * Returns the number of classes.
   *
   * @return the number of labels
   */
  int classes() {
    JsonNode labels = json.path("id2label");
    return labels.isObject() ? labels.size() : fields().integer("num_labels", DEFAULT_CLASSES);
  }

  /**
   * Returns the names of the classes.
   *
   * @param classes the number of classes of the head
   * @return one label for each class
   * @throws ModelException if the labels contradict the number of classes
   */
  List<String> labels(int classes) {
    Map<Integer, String> byIndex = new TreeMap<>();
    if (classes > 0) {
      json.path("id2label")
          .properties()
          .forEach(label -> byIndex.put(Labels.index(label.getKey()), label.getValue().asText()));
    }
    return Labels.of(byIndex, classes);
  }

  private Activation activation(String key, String absent) {
    return switch (fields().text(key).orElse(absent)) {
      case "gelu", "gelu_python" -> Activation.GELU_ERF;
      case "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "gelu_python_tanh", "gelu_accurate" ->
          Activation.GELU_TANH;
      case "quick_gelu" -> Activation.QUICK_GELU;
      case "silu", "swish" -> Activation.SILU;
      case "relu" -> Activation.RELU;
      case "tanh" -> Activation.TANH;
      case "linear" -> Activation.NONE;
      default ->
          throw fields()
              .wrong(
                  key,
                  "one of gelu, gelu_new, gelu_pytorch_tanh, quick_gelu, silu, relu, tanh, linear");
    };
  }
}
