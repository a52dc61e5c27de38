package io.vitj.model.checkpoint.pickle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A list or a set. It may contain itself, so it is equal only to itself. */
public final class PickledList {
  /** Made with the first item: an empty list takes one byte of a pickle. */
  private List<Object> items;

  PickledList() {}

  void addAll(List<Object> added) {
    if (!added.isEmpty()) {
      items = items == null ? new ArrayList<>(added.size()) : items;
      items.addAll(added);
    }
  }

  /**
   * Returns the items.
   *
   * @return them, unmodifiable
   */
  public List<Object> items() {
    return items == null ? List.of() : Collections.unmodifiableList(items);
  }
}
