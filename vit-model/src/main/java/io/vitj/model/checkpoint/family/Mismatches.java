package io.vitj.model.checkpoint.family;

import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.checkpoint.StoredTensor;
import io.vitj.tensor.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Everything in which a file differs from what its config asks for, for one message. */
final class Mismatches {
  /** Names listed of each kind; a wrong width alone concerns every tensor of a model. */
  private static final int LISTED = 12;

  private final CheckpointFile file;
  private final Collection<String> missing = new TreeSet<>();
  private final Collection<String> unexpected = new TreeSet<>();
  private final Collection<String> misshaped = new TreeSet<>();
  private final Collection<String> unreadable = new TreeSet<>();

  Mismatches(CheckpointFile file) {
    this.file = file;
  }

  void check(MappedWeights.Binding binding) {
    List<Shape> shapes = binding.sourceShapes();
    for (int i = 0; i < shapes.size(); i++) {
      String name = binding.sources().get(i);
      StoredTensor stored = file.tensors().get(name);
      if (stored == null) {
        missing.add(name);
      } else if (!stored.type().readable()) {
        unreadable.add(name + " is " + stored.type());
      } else if (!stored.shape().equals(shapes.get(i))) {
        misshaped.add(name + " is " + stored.shape() + " instead of " + shapes.get(i));
      }
    }
  }

  void unexpected(String name) {
    unexpected.add(ModelException.oneLine(name));
  }

  void throwIfAny(String configName) {
    List<String> parts = new ArrayList<>();
    describe(parts, missing, "missing");
    describe(parts, unexpected, "not asked for");
    describe(parts, misshaped, "of another shape");
    describe(parts, unreadable, "not F32, F16, BF16 or F64");
    if (!parts.isEmpty()) {
      throw new ModelException(
          file.path()
              + " does not fit "
              + configName
              + ": "
              + String.join("; ", parts)
              + ". Use the config that belongs to this checkpoint");
    }
  }

  private static void describe(List<String> parts, Collection<String> names, String what) {
    if (names.isEmpty()) {
      return;
    }
    String listed = String.join(", ", names.stream().limit(LISTED).toList());
    String rest = names.size() > LISTED ? ", and " + (names.size() - LISTED) + " more" : "";
    String tensors = names.size() == 1 ? " tensor " : " tensors ";
    parts.add(names.size() + tensors + what + ": " + listed + rest);
  }
}
