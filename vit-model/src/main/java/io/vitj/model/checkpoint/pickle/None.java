package io.vitj.model.checkpoint.pickle;

/** Python's None. */
public enum None {
  /** The only value. */
  NONE
}
