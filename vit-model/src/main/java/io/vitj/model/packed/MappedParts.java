package io.vitj.model.packed;

import io.vitj.model.ModelException;
import io.vitj.model.PackedParts;
import io.vitj.model.checkpoint.bytes.Damage;
import io.vitj.nn.Linear;
import io.vitj.tensor.DType;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.PackedMatrix;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/** The parts of a model in the memory of a file; none is made. */
final class MappedParts implements PackedParts {
  private final PackedHeader header;
  private final MemorySegment data;
  private final Damage damage;
  private final Set<String> asked = new HashSet<>();

  MappedParts(PackedHeader header, MemorySegment file, Damage damage) {
    this.header = header;
    this.data = file.asSlice(header.dataAt());
    this.damage = damage;
  }

  @Override
  public Linear linear(String name, Shape shape, Supplier<Linear> make) {
    Part part = find(name, true, shape);
    MemorySegment panels = data.asSlice(part.at(), part.panelBytes());
    MemorySegment bias = data.asSlice(part.at() + part.biasAt(), part.biasBytes());
    return new Linear(PackedMatrix.of(panels, bias, shape.dim(0), shape.dim(1)));
  }

  @Override
  public Tensor tensor(String name, Shape shape, Supplier<Tensor> make) {
    // A segment of its own: an operation must not see beyond the part.
    Part part = find(name, false, shape);
    return Tensor.view(data.asSlice(part.at(), part.end() - part.at()), 0, DType.F32, shape);
  }

  private Part find(String name, boolean packed, Shape shape) {
    Part part = header.parts().get(name);
    if (part == null || part.packed() != packed || !part.shape().equals(shape)) {
      throw damage.damaged(
          "its model needs the part %s %s%s, and it has %s",
          ModelException.quote(name),
          shape,
          packed ? ", packed" : "",
          part == null ? "none" : part.shape() + (part.packed() ? ", packed" : ""));
    }
    asked.add(name);
    return part;
  }

  /**
   * Checks that the file holds nothing else.
   *
   * @throws ModelException if it has a part that its model does not need
   */
  void requireAllAsked() {
    for (String name : header.parts().keySet()) {
      if (!asked.contains(name)) {
        throw damage.damaged(
            "it has the part %s, which its model does not need", ModelException.quote(name));
      }
    }
  }
}
