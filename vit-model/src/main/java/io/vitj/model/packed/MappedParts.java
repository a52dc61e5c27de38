package io.vitj.model.packed;

import io.vitj.model.ConfigJson;
import io.vitj.model.ModelException;
import io.vitj.model.PackedParts;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTWeights;
import io.vitj.model.checkpoint.bytes.Damage;
import io.vitj.model.checkpoint.bytes.FileMemory;
import io.vitj.nn.Linear;
import io.vitj.tensor.DType;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.PackedMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The parts of a model in the memory of a file; none is made. */
final class MappedParts implements PackedParts {
  private static final String FORMAT = "packed model";

  private final PackedHeader header;
  private final MemorySegment data;
  private final Damage damage;
  private final Set<String> asked = new HashSet<>();

  private MappedParts(PackedHeader header, MemorySegment file, Damage damage) {
    this.header = header;
    this.data = file.asSlice(header.dataAt());
    this.damage = damage;
  }

  /**
   * Maps a file and reads it.
   *
   * @param file the file
   * @param arena the owner of the mapping
   * @param reading what is made of its parts
   * @return what was made
   * @throws ModelException with the name of the file, if it cannot be read
   */
  static <T> T read(Path file, Arena arena, Function<MappedParts, T> reading) {
    Damage damage = new Damage(file, FORMAT);
    MemorySegment memory = FileMemory.of(damage, arena);
    MappedParts parts = new MappedParts(PackedHeader.read(damage, memory), memory, damage);
    try {
      return reading.apply(parts);
    } catch (ModelException e) {
      throw e.getMessage().startsWith(file.toString()) ? e : e.at(file);
    }
  }

  /** Returns what the file says about its model. */
  PackedHeader header() {
    return header;
  }

  /** Returns what words the faults of the file. */
  Damage damage() {
    return damage;
  }

  /** Reads a config out of the header. */
  <T extends Record> T config(String key, Class<T> type) {
    return ConfigJson.read(header.json().path(key), type);
  }

  /** Returns the weights of a model whose parts are all there: it asks for none. */
  ViTWeights weights(ViTConfig config) {
    return new NoWeights(config, damage);
  }

  @Override
  public Linear linear(String name, Shape shape, Function<DType, Linear> make) {
    Part part = find(name, Part.Kind::isMatrix, "matrix", shape);
    MemorySegment panels = data.asSlice(part.at(), part.panelBytes());
    MemorySegment bias = data.asSlice(part.at() + part.biasAt(), part.biasBytes());
    return new Linear(
        PackedMatrix.of(panels, bias, shape.dim(0), shape.dim(1), part.kind().dtype()));
  }

  @Override
  public Tensor tensor(String name, Shape shape, Supplier<Tensor> make) {
    // A segment of its own: an operation must not see beyond the part.
    return Tensor.view(
        memory(find(name, Part.Kind.TENSOR::equals, "tensor", shape)), 0, DType.F32, shape);
  }

  /**
   * Reads a file that came with the checkpoint.
   *
   * @param name the name of the part
   * @return its contents, if it is there
   */
  Optional<byte[]> file(String name) {
    Part part = header.parts().get(name);
    return part == null || part.kind() != Part.Kind.FILE
        ? Optional.empty()
        : Optional.of(memory(part).toArray(ValueLayout.JAVA_BYTE));
  }

  private MemorySegment memory(Part part) {
    return data.asSlice(part.at(), part.end() - part.at());
  }

  private Part find(String name, Predicate<Part.Kind> kind, String what, Shape shape) {
    Part part = header.parts().get(name);
    if (part == null || !kind.test(part.kind()) || !part.shape().equals(shape)) {
      throw damage.damaged(
          "its model needs the part %s, %s %s, and it has %s",
          ModelException.quote(name),
          what,
          shape,
          part == null ? "none" : part.kind() + " " + part.shape());
    }
    asked.add(name);
    return part;
  }

  /**
   * Checks that the file holds nothing else.
   *
   * @param others the names of parts that need not have been asked for
   * @throws ModelException if it has a part that its model does not need
   */
  void requireAllAsked(Predicate<String> others) {
    for (String name : header.parts().keySet()) {
      if (!asked.contains(name) && !others.test(name)) {
        throw damage.damaged(
            "it has the part %s, which its model does not need", ModelException.quote(name));
      }
    }
  }

  private record NoWeights(ViTConfig config, Damage damage) implements ViTWeights {
    @Override
    public Tensor get(String name, Arena arena) {
      throw damage.damaged("it has no weight %s", ModelException.quote(name));
    }
  }
}
