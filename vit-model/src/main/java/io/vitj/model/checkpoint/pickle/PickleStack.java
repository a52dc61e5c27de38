package io.vitj.model.checkpoint.pickle;

import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.bytes.Damage;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.List;

/** The stack of the pickle machine, with marks. */
final class PickleStack {
  private final Damage damage;
  private final ArrayList<Object> items = new ArrayList<>();
  private final IntArrayList marks = new IntArrayList();

  PickleStack(Damage damage) {
    this.damage = damage;
  }

  void push(Object value) {
    items.add(value);
  }

  void mark() {
    marks.add(items.size());
  }

  Object pop() {
    requireItem();
    return items.removeLast();
  }

  Object peek() {
    requireItem();
    return items.getLast();
  }

  /** Pops all that was pushed after the last mark, and the mark. */
  List<Object> popToMark() {
    if (marks.isEmpty()) {
      throw damage.damaged("its pickle looks for a mark that it never set");
    }
    return popFrom(marks.removeInt(marks.size() - 1));
  }

  /** Pops some items. */
  List<Object> pop(int count) {
    if (items.size() - floor() < count) {
      throw underflow();
    }
    return popFrom(items.size() - count);
  }

  private List<Object> popFrom(int start) {
    List<Object> tail = items.subList(start, items.size());
    List<Object> popped = new ArrayList<>(tail);
    tail.clear();
    return popped;
  }

  private int floor() {
    return marks.isEmpty() ? 0 : marks.getInt(marks.size() - 1);
  }

  private void requireItem() {
    if (items.size() <= floor()) {
      throw underflow();
    }
  }

  private ModelException underflow() {
    return damage.damaged("its pickle takes a value from an empty stack");
  }
}
