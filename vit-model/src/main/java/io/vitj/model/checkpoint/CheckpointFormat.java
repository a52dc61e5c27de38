package io.vitj.model.checkpoint;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The formats of checkpoints, told apart by the endings of file names. */
public enum CheckpointFormat {
  /** Shards with an index. */
  SHARDED,
  /** The safetensors format. */
  SAFETENSORS,
  /** NumPy's archive of arrays. */
  NPZ,
  /** What {@code torch.save} writes. */
  TORCH;

  /**
   * Finds the format of a file by its name.
   *
   * @param file the file; it need not exist
   * @return the format, if the name ends as one of its files
   */
  public static Optional<CheckpointFormat> of(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(format -> format.endings().stream().anyMatch(name::endsWith))
        .findFirst();
  }

  private List<String> endings() {
    return switch (this) {
      case SHARDED -> List.of(ShardedFile.INDEX);
      case SAFETENSORS -> List.of(".safetensors");
      case NPZ -> List.of(".npz");
      // The last two are endings that training programs like to give it.
      case TORCH -> List.of(".pth", ".pt", ".bin", ".ckpt", ".pth.tar");
    };
  }

  static String allEndings() {
    return Arrays.stream(values())
        .flatMap(format -> format.endings().stream())
        .collect(Collectors.joining(", "));
  }

  CheckpointFile open(Path file) {
    return switch (this) {
      case SHARDED -> ShardedFile.open(file);
      case SAFETENSORS -> SafetensorsFile.open(file);
      case NPZ -> NpzFile.open(file);
      case TORCH -> TorchFile.open(file);
    };
  }
}
