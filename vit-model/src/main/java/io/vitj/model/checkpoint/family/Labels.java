package io.vitj.model.checkpoint.family;

import io.vitj.model.ModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Class labels by index. */
final class Labels {
  private Labels() {}

  /**
   * Reads the index of a label.
   *
   * @param text what a config has as a key
   * @return the index
   * @throws ModelException if it is not an index
   */
  static int index(String text) {
    try {
      return Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw new ModelException(
          "the labels have the key " + ModelException.quote(text) + ", which is no class index", e);
    }
  }

  /**
   * Makes the list of all labels.
   *
   * @param byIndex the labels that are known
   * @param classes the number of classes
   * @return one label for each class; {@code class <i>} where none is known
   * @throws ModelException if there is a label for a class that does not exist
   */
  static List<String> of(Map<Integer, String> byIndex, int classes) {
    for (Map.Entry<Integer, String> label : byIndex.entrySet()) {
      if (label.getKey() >= classes) {
        throw new ModelException(
            "there is a label for class "
                + label.getKey()
                + ", but the head has "
                + classes
                + " classes");
      }
    }
    List<String> labels = new ArrayList<>(classes);
    for (int i = 0; i < classes; i++) {
      labels.add(byIndex.getOrDefault(i, "class " + i));
    }
    return List.copyOf(labels);
  }
}
