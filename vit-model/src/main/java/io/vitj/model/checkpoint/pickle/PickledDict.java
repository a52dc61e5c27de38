package io.vitj.model.checkpoint.pickle;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A dictionary, in the order of insertion. It may contain itself, so it is equal only to itself.
 */
public final class PickledDict {
  /** Pairs that stand before the entries. Not copied: a pickle may use one list in many places. */
  private final PickledList pairs;

  /** Made with the first entry: an empty dictionary takes one byte of a pickle. */
  private Map<Object, Object> entries;

  PickledDict() {
    this(null);
  }

  PickledDict(PickledList pairs) {
    this.pairs = pairs;
  }

  void put(Object key, Object value) {
    entries = entries == null ? new LinkedHashMap<>(4) : entries;
    entries.put(key, value);
  }

  /**
   * Returns the entries. Keys that are neither text nor numbers are equal only to themselves.
   *
   * @return keys and values, unmodifiable
   */
  public Map<Object, Object> entries() {
    if (pairs == null) {
      return entries == null ? Map.of() : Collections.unmodifiableMap(entries);
    }
    Map<Object, Object> all = new LinkedHashMap<>();
    for (Object pair : pairs.items()) {
      List<Object> items = pair instanceof PickledList list ? list.items() : List.of();
      if (items.size() == 2) {
        all.put(items.getFirst(), items.getLast());
      }
    }
    if (entries != null) {
      all.putAll(entries);
    }
    return Collections.unmodifiableMap(all);
  }
}
