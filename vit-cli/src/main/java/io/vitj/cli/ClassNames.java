package io.vitj.cli;

import io.vitj.model.ModelException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Finds the class that the name of a folder means. In this order: a label as it is; a class index;
 * a label, or one of its comma-separated synonyms, without regard to case and punctuation.
 */
final class ClassNames {
  private static final int UNKNOWN = -1;
  private static final int AMBIGUOUS = -2;

  private final int classes;
  private final Map<String, Integer> exact = new HashMap<>();
  private final Map<String, Integer> loose = new HashMap<>();

  /**
   * Indexes labels.
   *
   * @param labels the label of each class
   */
  ClassNames(List<String> labels) {
    classes = labels.size();
    for (int i = 0; i < classes; i++) {
      String label = labels.get(i);
      put(exact, label, i);
      put(loose, normalise(label), i);
      for (String synonym : label.split(",")) {
        put(loose, normalise(synonym), i);
      }
    }
  }

  private static void put(Map<String, Integer> names, String name, int classIndex) {
    names.merge(name, classIndex, (present, added) -> present.equals(added) ? present : AMBIGUOUS);
  }

  private static String normalise(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
  }

  /**
   * Finds the class of an image from the folders it lies in: the outermost that names a class.
   *
   * @param path its path inside the data set, with {@code /} between the parts
   * @return the class index
   * @throws ModelException if no folder names a class
   */
  int classOf(String path) {
    String[] parts = path.split("/");
    for (int i = 0; i < parts.length - 1; i++) {
      int found = find(parts[i]);
      if (found >= 0) {
        return found;
      }
      if (found == AMBIGUOUS) {
        throw new ModelException(
            "folder '" + parts[i] + "' fits several labels of the model; name it by class index");
      }
    }
    if (parts.length == 1) {
      throw new ModelException(
          path + " lies in no class folder; images go into folders named by label or class index");
    }
    throw new ModelException(
        "folder '%s' is neither a label of the model nor a class index from 0 to %d"
            .formatted(parts[parts.length - 2], classes - 1));
  }

  private int find(String folder) {
    int found = exact.getOrDefault(folder, UNKNOWN);
    if (found != UNKNOWN) {
      return found;
    }
    if (folder.matches("\\d{1,9}")) {
      int index = Integer.parseInt(folder);
      return index < classes ? index : UNKNOWN;
    }
    return loose.getOrDefault(normalise(folder), UNKNOWN);
  }
}
