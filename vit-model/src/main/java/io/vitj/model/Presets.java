package io.vitj.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The architectures known by name. Names and sizes are timm's ({@code vision_transformer.py},
 * {@code deit.py}); the parameter counts that the tests hold them to are timm's as well.
 */
public final class Presets {
  /** timm once put the data set of some checkpoints into the name of the architecture. */
  private static final String OLD_IMAGENET_21K = "_in21k";

  private static final int IMAGENET_21K_CLASSES = 21843;

  private static final Map<String, TimmArguments> BY_NAME = new LinkedHashMap<>();

  static {
    size("tiny", 192, 12, 3, 16, 224, 384);
    size("small", 384, 12, 6, 32, 224, 384);
    size("small", 384, 12, 6, 16, 224, 384);
    size("small", 384, 12, 6, 8, 224);
    size("base", 768, 12, 12, 32, 224, 384);
    size("base", 768, 12, 12, 16, 224, 384);
    size("base", 768, 12, 12, 8, 224);
    size("large", 1024, 24, 16, 32, 224, 384);
    size("large", 1024, 24, 16, 16, 224, 384);
    size("large", 1024, 24, 16, 14, 224);
    size("huge", 1280, 32, 16, 14, 224);
    add("vit_giant_patch14_224", vit(224, 14, 1408, 40, 16).put("mlp_ratio", 48.0 / 11));
    add("vit_gigantic_patch14_224", vit(224, 14, 1664, 48, 16).put("mlp_ratio", 64.0 / 13));
    add("vit_base_patch16_224_miil", vit(224, 16, 768, 12, 12).put("qkv_bias", false));
    add("deit_tiny_patch16_224", vit(224, 16, 192, 12, 3));
    add("deit_small_patch16_224", vit(224, 16, 384, 12, 6));
    add("deit_base_patch16_224", vit(224, 16, 768, 12, 12));
    add("deit_base_patch16_384", vit(384, 16, 768, 12, 12));
    distilled("deit_tiny_distilled_patch16_224", vit(224, 16, 192, 12, 3));
    distilled("deit_small_distilled_patch16_224", vit(224, 16, 384, 12, 6));
    distilled("deit_base_distilled_patch16_224", vit(224, 16, 768, 12, 12));
    distilled("deit_base_distilled_patch16_384", vit(384, 16, 768, 12, 12));
    PresetTable.forEach(BY_NAME::put);
  }

  private Presets() {}

  private static void size(
      String name, int width, int depth, int heads, int patch, int... imageSides) {
    for (int side : imageSides) {
      add("vit_" + name + "_patch" + patch + '_' + side, vit(side, patch, width, depth, heads));
    }
  }

  private static ObjectNode vit(int image, int patch, int width, int depth, int heads) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("img_size", image)
        .put("patch_size", patch)
        .put("embed_dim", width)
        .put("depth", depth)
        .put("num_heads", heads);
  }

  private static void add(String name, ObjectNode arguments) {
    BY_NAME.put(name, new TimmArguments(arguments, TimmVit.PLAIN, PresetTable.EPSILON));
  }

  private static void distilled(String name, ObjectNode arguments) {
    BY_NAME.put(name, new TimmArguments(arguments, TimmVit.DISTILLED, PresetTable.EPSILON));
  }

  /**
   * Lists the names.
   *
   * @return the names, small architectures first within each kind; unmodifiable
   */
  public static Collection<String> names() {
    return Collections.unmodifiableSet(BY_NAME.keySet());
  }

  /**
   * Finds an architecture.
   *
   * @param name its name in timm; a tag after a dot ({@code .augreg_in21k}) is ignored
   * @return its config, with 1000 classes and the image size that it has in timm
   * @throws ModelException if there is none of this name; the message has the nearest names
   */
  public static ViTConfig config(String name) {
    return arguments(name).config();
  }

  /**
   * Finds the timm arguments of an architecture.
   *
   * @param name its name in timm; a tag after a dot is ignored
   * @return its arguments, to be overridden by those of a checkpoint
   * @throws ModelException if there is none of this name; the message has the nearest names
   */
  public static TimmArguments arguments(String name) {
    String architecture = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
    TimmArguments arguments = BY_NAME.get(architecture);
    if (arguments == null && architecture.endsWith(OLD_IMAGENET_21K)) {
      int end = architecture.length() - OLD_IMAGENET_21K.length();
      arguments = BY_NAME.get(architecture.substring(0, end));
      if (arguments != null) {
        return arguments.with(
            JsonNodeFactory.instance.objectNode().put("num_classes", IMAGENET_21K_CLASSES));
      }
    }
    if (arguments == null) {
      throw new ModelException(
          "unknown architecture "
              + ModelException.quote(name)
              + "; the nearest known are "
              + String.join(", ", nearest(architecture)));
    }
    return arguments;
  }

  /**
   * Tells whether there is an architecture.
   *
   * @param name a name in timm, without a tag
   * @return whether it is among {@link #names()}
   */
  static boolean isKnown(String name) {
    return BY_NAME.containsKey(name);
  }

  /**
   * Checks the name of an architecture.
   *
   * @param name a name in timm; a tag after a dot is ignored
   * @throws ModelException if there is none of this name; the message has the nearest names
   */
  public static void requireKnown(String name) {
    arguments(name);
  }

  private static List<String> nearest(String name) {
    String wanted = name.substring(0, Math.min(name.length(), 100));
    return BY_NAME.keySet().stream()
        .sorted(Comparator.comparingInt(known -> editDistance(known, wanted)))
        .limit(4)
        .toList();
  }

  /** The least number of insertions, deletions and replacements (Wagner and Fischer, 1974). */
  private static int editDistance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
