package io.vitj.model.checkpoint.pickle;

/**
 * An object of a TorchScript program, as the attributes that were saved of it. Its class is not
 * looked at. It may contain itself, so it is equal only to itself.
 */
public final class PickledModule {
  private PickledDict state;

  PickledModule() {}

  void state(PickledDict attributes) {
    state = attributes;
  }

  /**
   * Returns the attributes. Objects may share them.
   *
   * @return parameters, buffers and modules by name, beside plain values; null if none were saved
   */
  public PickledDict state() {
    return state;
  }
}
