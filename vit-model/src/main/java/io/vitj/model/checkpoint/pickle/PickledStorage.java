package io.vitj.model.checkpoint.pickle;

import io.vitj.model.checkpoint.StorageType;

/**
 * The memory under tensors, which lies outside the pickle.
 *
 * @param type its element type
 * @param key its name among the storages of the file
 * @param elements its length
 * @param view a part of it, as (key, first element, length), in files of old; otherwise None
 */
public record PickledStorage(StorageType type, String key, long elements, Object view) {
  /**
   * Returns whether a piece of memory is as large as this storage.
   *
   * @param bytes the size of the memory
   * @return whether it holds the elements and nothing else
   */
  public boolean fits(long bytes) {
    long size = type.bits() / 8;
    return bytes % size == 0 && bytes / size == elements;
  }
}
