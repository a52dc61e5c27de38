package io.vitj.model.checkpoint;

import io.vitj.model.ModelException;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;

/**
 * An open file of named tensors. It is immutable and may be read by many threads; closing it ends
 * every tensor that views it.
 */
public sealed interface CheckpointFile extends AutoCloseable permits SafetensorsFile {
  /**
   * Opens a file and validates what it says about itself.
   *
   * @param file a {@code .safetensors} file, on any file system
   * @return the open file
   * @throws ModelException if it cannot be read, or is malformed, or is of another kind
   */
  static CheckpointFile open(Path file) {
    String name = String.valueOf(file.getFileName());
    if (!name.endsWith(".safetensors")) {
      throw new ModelException(
          file + ": not a checkpoint that vitj reads; it reads .safetensors files");
    }
    return SafetensorsFile.open(file);
  }

  /**
   * Returns where the file lies.
   *
   * @return the path it was opened with
   */
  Path path();

  /**
   * Returns what the file says about its tensors.
   *
   * @return the tensors by name, in the order of the names; unmodifiable
   */
  SortedMap<String, StoredTensor> tensors();

  /**
   * Returns the free text that the file carries.
   *
   * @return keys and values; unmodifiable
   */
  Map<String, String> metadata();

  /**
   * Reads one tensor.
   *
   * @param name its name in the file
   * @param arena the owner of memory that a conversion needs
   * @return a view of the file for F32, F16 and BF16, valid while the file is open; for F64 a new
   *     F32 tensor in {@code arena} with the values rounded to nearest
   * @throws ModelException if there is no such tensor, or its type holds no weights
   */
  Tensor read(String name, Arena arena);

  /** Unmaps or frees the file's memory; tensors that view it must not be used any more. */
  @Override
  void close();
}
