package io.vitj.model.checkpoint;

import io.vitj.model.checkpoint.bytes.Damage;
import io.vitj.model.checkpoint.pickle.PickledDict;
import io.vitj.model.checkpoint.pickle.PickledModule;
import io.vitj.model.checkpoint.pickle.PickledTensor;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The state dict of a TorchScript program: the tensors of its modules, named by the attributes that
 * lead to them. What a hostile file can make of shared attributes is bounded: each set of them is
 * walked through once, and the names are limited in length and number.
 */
final class ModuleTensors {
  /** Modules in modules: CLIP has 6. */
  private static final int MAX_DEPTH = 64;

  /** The largest CLIP has some 1000 tensors. */
  private static final int MAX_TENSORS = 1 << 14;

  private static final int MAX_NAME = 256;

  private final Damage damage;
  private final Set<PickledDict> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final SortedMap<String, PickledTensor> tensors = new TreeMap<>();

  /**
   * @param damage words the faults of the file
   */
  ModuleTensors(Damage damage) {
    this.damage = damage;
  }

  /**
   * Collects the tensors of a program.
   *
   * @param root its outermost module
   * @return the tensors by name
   * @throws io.vitj.model.ModelException if there are none, or beyond all bounds
   */
  SortedMap<String, PickledTensor> of(PickledModule root) {
    collect(root, "", 0);
    if (tensors.isEmpty()) {
      throw damage.refused("is a TorchScript program without weights");
    }
    return tensors;
  }

  private void collect(PickledModule module, String prefix, int depth) {
    if (depth > MAX_DEPTH) {
      throw damage.refused("nests modules more than %d deep", MAX_DEPTH);
    }
    if (module.state() == null || !seen.add(module.state())) {
      return;
    }
    for (Map.Entry<Object, Object> attribute : module.state().entries().entrySet()) {
      if (attribute.getKey() instanceof String name) {
        switch (attribute.getValue()) {
          case PickledTensor tensor -> add(name(prefix, name), tensor);
          case PickledModule inner -> collect(inner, name(prefix, name) + '.', depth + 1);
          default -> {} // a number or a list, which only code would use
        }
      }
    }
  }

  private void add(String name, PickledTensor tensor) {
    tensors.put(name, tensor);
    if (tensors.size() > MAX_TENSORS) {
      throw damage.refused("has more than %d tensors", MAX_TENSORS);
    }
  }

  private String name(String prefix, String attribute) {
    if (prefix.length() + attribute.length() > MAX_NAME) {
      throw damage.refused("has a tensor whose name has more than %d characters", MAX_NAME);
    }
    return prefix + attribute;
  }
}
