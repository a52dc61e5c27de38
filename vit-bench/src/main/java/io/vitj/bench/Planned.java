package io.vitj.bench;

import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.memory.WorkspacePlan;
import java.lang.foreign.Arena;

/** Operands of matrix products that lie in memory as those of a session do. */
public final class Planned {
  private Planned() {}

  /**
   * Allocates what a session would plan: rows of whole pages are spaced.
   *
   * @param arena the owner of the memory
   * @param shape the shape
   * @return zeros
   */
  public static Tensor allocate(Arena arena, Shape shape) {
    String name = "operand";
    return new WorkspacePlan().spacedRegion(name, shape, 0, 0).allocate(arena).tensor(name);
  }
}
