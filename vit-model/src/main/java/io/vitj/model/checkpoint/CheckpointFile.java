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
 *
 * <p>Memory: opening maps the file (on the default file system; otherwise it takes the size of the
 * file), and takes at most 100 times its size beside that, which only hostile files come near: each
 * format says where. Reading a tensor takes nothing, or the size of that tensor in F32.
 */
public sealed interface CheckpointFile extends AutoCloseable
    permits SafetensorsFile, ShardedFile, NpzFile, TorchFile {
  /**
   * Opens a file and validates what it says about itself.
   *
   * @param file a {@code .safetensors} file, an {@code .index.json} of shards, an {@code .npz}
   *     file, or a {@code .pth}, {@code .pt}, {@code .bin}, {@code .ckpt} or {@code .pth.tar} file
   *     of PyTorch, on any file system
   * @return the open file
   * @throws ModelException if it cannot be read, or is malformed, or is of another kind
   */
  static CheckpointFile open(Path file) {
    return CheckpointFormat.of(file)
        .orElseThrow(
            () ->
                new ModelException(
                    file
                        + ": not a checkpoint that vitj reads; it reads "
                        + CheckpointFormat.allEndings()
                        + " files"))
        .open(file);
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
   * @return a view of the file for F32, F16 and BF16, valid while the file is open; for F64, and
   *     for elements that do not follow each other in the file, a new F32 tensor in {@code arena},
   *     with F64 values rounded to nearest
   * @throws ModelException if there is no such tensor, or its type holds no weights
   */
  Tensor read(String name, Arena arena);

  /** Unmaps or frees the file's memory; tensors that view it must not be used any more. */
  @Override
  void close();
}
