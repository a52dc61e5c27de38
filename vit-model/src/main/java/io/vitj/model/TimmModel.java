package io.vitj.model;

import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.json.JsonFields;
import java.util.Map;
import java.util.Set;

/** A class of timm whose arguments are understood. */
interface TimmModel {
  /**
   * Returns the arguments that are read.
   *
   * @return their names
   */
  Set<String> arguments();

  /**
   * Returns the arguments that would change the computation, with the only value that is
   * implemented.
   *
   * @return JSON by name
   */
  Map<String, String> fixed();

  /**
   * Makes the config that timm would build, but for ε.
   *
   * @param fields the arguments
   * @return a builder
   * @throws ModelException if an argument is of a wrong type or contradicts another
   */
  ViTConfigBuilder config(JsonFields fields);

  /**
   * Reads the sizes, which all classes have.
   *
   * @param fields the arguments
   * @return a builder with them
   */
  static ViTConfigBuilder sizes(JsonFields fields) {
    int[] size = fields.size("img_size", 224);
    int[] patch = fields.size("patch_size", 16);
    if (patch[0] != patch[1]) {
      throw fields.wrong("patch_size", "square");
    }
    return ViTConfig.builder()
        .imageHeight(size[0])
        .imageWidth(size[1])
        .patch(patch[0])
        .channels(fields.integer("in_chans", 3))
        .width(fields.integer("embed_dim", 768))
        .depth(fields.integer("depth", 12))
        .heads(fields.integer("num_heads", 12))
        .mlpHidden(hidden(fields))
        .classes(fields.integer("num_classes", 1000));
  }

  /**
   * Computes the hidden width of the MLP.
   *
   * @param fields the arguments
   * @return {@code embed_dim · mlp_ratio}, cut to an integer
   */
  static int hidden(JsonFields fields) {
    return (int) (fields.integer("embed_dim", 768) * fields.number("mlp_ratio", 4));
  }

  /**
   * Reads the pooling.
   *
   * @param fields the arguments
   * @param absent timm's default
   * @param map whether the class can pool by attention
   * @return the pooling
   */
  static Pooling pooling(JsonFields fields, String absent, boolean map) {
    String name = fields.text("global_pool").orElse(absent);
    if (map && name.equals("map")) {
      return Pooling.ATTENTION;
    }
    return switch (name) {
      case "" -> Pooling.NONE;
      case "token" -> Pooling.TOKEN;
      case "avg" -> Pooling.AVG;
      default ->
          throw fields.wrong(
              "global_pool", "\"token\", \"avg\"" + (map ? ", \"map\"" : "") + " or \"\"");
    };
  }
}
