package io.vitj.model;

import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Models with the outputs that their own library computes for them. */
public final class Goldens {
  /** The folder beside the project with larger cases, which need not be there. */
  public static final Path SHARED =
      Path.of("").toAbsolutePath().getParent().resolveSibling("shared");

  private Goldens() {}

  /**
   * The cases of the families in {@link Fixtures}: ours, and those of the shared folder, if any.
   */
  static Stream<Path> cases() {
    Stream<Path> ours = Fixtures.ALL.stream().map(Fixtures::path);
    Stream<Path> shared = Fixtures.ALL.stream().map(SHARED.resolve("goldens")::resolve);
    return Stream.concat(ours, shared.filter(Files::isDirectory));
  }

  /** Copies the pixels and outputs of a case. */
  static Map<String, Tensor> expected(Path directory, Arena arena) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (CheckpointFile file = CheckpointFile.open(directory.resolve("expected.safetensors"))) {
      for (String name : file.tensors().keySet()) {
        Tensor stored = file.read(name, arena);
        Tensor copy = Tensor.allocate(arena, stored.shape());
        copy.copyFrom(stored);
        tensors.put(name, copy);
      }
    }
    return tensors;
  }
}
