package io.vitj.tensor.memory;

import io.vitj.tensor.Tensor;
import java.util.Map;

/** The placed regions of a {@link WorkspacePlan}: views of one allocation. */
public final class Workspace {
  private final Map<String, Tensor> tensors;
  private final long bytes;

  Workspace(Map<String, Tensor> tensors, long bytes) {
    this.tensors = Map.copyOf(tensors);
    this.bytes = bytes;
  }

  /**
   * Returns a region.
   *
   * @param name its name in the plan
   * @return the tensor; it may share memory with regions that live at other steps
   * @throws IllegalArgumentException if there is none of this name
   */
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no region " + name + " in " + tensors.keySet());
    }
    return tensor;
  }

  /**
   * Returns the size of the allocation.
   *
   * @return bytes
   */
  public long bytes() {
    return bytes;
  }
}
