package io.vitj.model.checkpoint.pickle;

/**
 * A tuple. Equal only to itself: the items may be anything, and comparing them could take forever.
 */
public final class PickledTuple {
  static final PickledTuple EMPTY = new PickledTuple();

  private final Object[] items;

  PickledTuple(Object... items) {
    this.items = items;
  }

  /**
   * Returns its length.
   *
   * @return the number of items
   */
  public int size() {
    return items.length;
  }

  /**
   * Returns one item.
   *
   * @param index its index
   * @return it; {@link None#NONE} behind the last
   */
  public Object get(int index) {
    return index < items.length ? items[index] : None.NONE;
  }

  /**
   * Reads the items as sizes.
   *
   * @return the items, if all are integers that are not negative; otherwise null
   */
  public long[] sizes() {
    long[] sizes = new long[items.length];
    for (int i = 0; i < items.length; i++) {
      if (!(items[i] instanceof Long size) || size < 0) {
        return null;
      }
      sizes[i] = size;
    }
    return sizes;
  }
}
