package io.vitj.model.checkpoint;

import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.bytes.Damage;
import io.vitj.model.checkpoint.pickle.PickledDict;
import io.vitj.model.checkpoint.pickle.PickledModule;
import io.vitj.model.checkpoint.pickle.PickledTensor;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The tensors of a model among what a training program saved.
 *
 * @param tensors by name, without what a program put in front of all names
 * @param path the keys that lead to them, with dots between; empty if they are the value itself
 * @param prefix what stood in front of their names
 */
record StateDict(SortedMap<String, PickledTensor> tensors, String path, String prefix) {
  /**
   * Keys that programs save a state dict under, the better first: averaged weights before others,
   * as timm takes them (state_dict_ema, model_ema, state_dict, model), and DINO's teacher, which is
   * the average of its student.
   */
  private static final List<String> KEYS =
      List.of("state_dict_ema", "model_ema", "state_dict", "model", "teacher", "module");

  /** Prefixes of wrappers: PyTorch's DataParallel and compiler, and Lightning's module. */
  private static final List<String> WRAPPERS = List.of("module.", "_orig_mod.", "model.");

  /** What DINO and others call the encoder beside heads that only training needs. */
  private static final String BACKBONE = "backbone.";

  /** Keys on the way to the state dict: {"state_dict": {"model": …}} is all that was seen. */
  private static final int MAX_DEPTH = 4;

  private static final int LISTED_KEYS = 12;

  /**
   * Finds the state dict in a value.
   *
   * @param root what was saved
   * @param damage words the faults of the file
   * @return its tensors
   * @throws ModelException if there are none
   */
  static StateDict find(Object root, Damage damage) {
    if (root instanceof PickledModule program) {
      return unwrapped(new ModuleTensors(damage).of(program), "");
    }
    Object value = root;
    StringBuilder path = new StringBuilder();
    for (int depth = 0; depth < MAX_DEPTH && value instanceof PickledDict dict; depth++) {
      Map<Object, Object> entries = dict.entries();
      String key = nested(entries);
      if (key == null) {
        SortedMap<String, PickledTensor> tensors = tensors(entries);
        if (tensors.isEmpty()) {
          throw damage.refused(
              "has no state dict: at %s it has the keys %s; save the state_dict of the model",
              path.isEmpty() ? "the top" : ModelException.quote(path.toString()), keys(entries));
        }
        return unwrapped(tensors, path.toString());
      }
      path.append(path.isEmpty() ? "" : ".").append(key);
      value = entries.get(key);
    }
    throw damage.refused(
        "has no state dict: %s is no dictionary of tensors; save the state_dict of the model",
        path.isEmpty() ? "what it holds" : ModelException.quote(path.toString()));
  }

  private static String nested(Map<Object, Object> entries) {
    for (String key : KEYS) {
      if (entries.get(key) instanceof PickledDict) {
        return key;
      }
    }
    return null;
  }

  private static String keys(Map<Object, Object> entries) {
    String listed =
        entries.keySet().stream()
            .limit(LISTED_KEYS)
            .map(key -> key instanceof String text ? ModelException.quote(text) : "(no text)")
            .collect(Collectors.joining(", "));
    return entries.size() > LISTED_KEYS ? listed + ", …" : listed;
  }

  private static SortedMap<String, PickledTensor> tensors(Map<Object, Object> entries) {
    SortedMap<String, PickledTensor> tensors = new TreeMap<>();
    entries.forEach(
        (key, value) -> {
          if (key instanceof String name && value instanceof PickledTensor tensor) {
            tensors.put(name, tensor);
          }
        });
    return tensors;
  }

  private static StateDict unwrapped(SortedMap<String, PickledTensor> tensors, String path) {
    SortedMap<String, PickledTensor> rest = tensors;
    StringBuilder prefix = new StringBuilder();
    for (String wrapper : WRAPPERS) {
      if (rest.keySet().stream().allMatch(name -> name.startsWith(wrapper))) {
        rest = behind(wrapper, rest);
        prefix.append(wrapper);
      }
    }
    if (rest.keySet().stream().anyMatch(name -> name.startsWith(BACKBONE))) {
      rest = behind(BACKBONE, rest);
      prefix.append(BACKBONE);
    }
    return new StateDict(rest, path, prefix.toString());
  }

  private static SortedMap<String, PickledTensor> behind(
      String prefix, SortedMap<String, PickledTensor> tensors) {
    SortedMap<String, PickledTensor> behind = new TreeMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (name.startsWith(prefix)) {
            behind.put(name.substring(prefix.length()), tensor);
          }
        });
    return behind;
  }
}
