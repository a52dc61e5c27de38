package io.vitj.model.checkpoint.pickle;

/** A tensor: a strided view of a storage. Its numbers are those of the pickle, not validated. */
public final class PickledTensor {
  private final PickledStorage storage;

  /** (storage, offset, size, stride, …), shared: a copy would be larger than what asked for it. */
  private final PickledTuple arguments;

  PickledTensor(PickledStorage storage, PickledTuple arguments) {
    this.storage = storage;
    this.arguments = arguments;
  }

  /**
   * Returns the memory under it.
   *
   * @return its storage
   */
  public PickledStorage storage() {
    return storage;
  }

  /**
   * Returns its first element in the storage.
   *
   * @return the index; −1 if it is none
   */
  public long offset() {
    return arguments.get(1) instanceof Long offset ? offset : -1;
  }

  /**
   * Returns its extents.
   *
   * @return one for each axis; null if they are none
   */
  public long[] size() {
    return arguments.get(2) instanceof PickledTuple size ? size.sizes() : null;
  }

  /**
   * Returns the distance of neighbours along each axis, in elements.
   *
   * @return one for each axis; null if they are none
   */
  public long[] stride() {
    return arguments.get(3) instanceof PickledTuple stride ? stride.sizes() : null;
  }
}
