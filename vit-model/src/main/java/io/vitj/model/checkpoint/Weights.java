package io.vitj.model.checkpoint;

import io.vitj.model.ModelException;
import java.nio.file.Path;

/** What the files of all formats say when a tensor is asked for that they cannot give. */
final class Weights {
  private Weights() {}

  /**
   * Finds a tensor that can be read as weights.
   *
   * @param file the file
   * @param name the tensor's name
   * @return what the file says about it
   * @throws ModelException if there is none, or its type holds no weights
   */
  static StoredTensor require(CheckpointFile file, String name) {
    StoredTensor stored = file.tensors().get(name);
    if (stored == null) {
      throw absent(file.path(), name);
    }
    if (!stored.type().readable()) {
      throw new ModelException(
          String.format(
              "%s: tensor %s is stored as %s; weights must be F32, F16, BF16 or F64:"
                  + " convert the checkpoint",
              file.path(), ModelException.quote(name), stored.type()));
    }
    return stored;
  }

  private static ModelException absent(Path path, String name) {
    return new ModelException(path + ": has no tensor " + ModelException.quote(name));
  }
}
