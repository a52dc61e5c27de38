package io.vitj.model.checkpoint.pickle;

/** Something that a pickle holds and that nobody will look into: neither its type nor its state. */
public final class Inert {
  Inert() {}
}
