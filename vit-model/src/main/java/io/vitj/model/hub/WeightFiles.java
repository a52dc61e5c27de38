package io.vitj.model.hub;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitj.model.ModelException;
import io.vitj.model.json.JsonFiles;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which of the files of a repository hold the weights. The order of preference: safetensors, then
 * what PyTorch and NumPy wrote; a whole file, then shards with an index.
 */
final class WeightFiles {
  /** Names of files and, after them, extensions of those that go by another name. */
  private static final List<String> PREFERRED =
      List.of(
          "model.safetensors",
          "model.safetensors.index.json",
          "open_clip_model.safetensors",
          ".safetensors",
          "pytorch_model.bin",
          "pytorch_model.bin.index.json",
          "open_clip_pytorch_model.bin",
          ".npz",
          ".pth",
          ".pt",
          ".bin");

  /** States of a training run, which the Trainer of transformers leaves beside the weights. */
  private static final Set<String> NO_WEIGHTS =
      Set.of("training_args.bin", "optimizer.pt", "optimizer.bin", "scheduler.pt", "rng_state.pth");

  private static final String INDEX = ".index.json";

  private WeightFiles() {}

  /**
   * Finds the file of the weights, or the index of their shards.
   *
   * @param files the names of all files
   * @return the file; several if none of them is the usual one; none if there are no weights
   */
  static List<String> find(Collection<String> files) {
    for (String preferred : PREFERRED) {
      List<String> found =
          files.stream()
              .filter(f -> preferred.startsWith(".") ? isLoose(f, preferred) : f.equals(preferred))
              .toList();
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }

  private static boolean isLoose(String file, String extension) {
    return file.endsWith(extension) && !file.contains("/") && !NO_WEIGHTS.contains(file);
  }

  /**
   * Tells whether a file is an index of shards.
   *
   * @param file the name of the file
   * @return true for {@code *.index.json}
   */
  static boolean isIndex(String file) {
    return file.endsWith(INDEX);
  }

  /**
   * Reads which shards an index names.
   *
   * @param index the file
   * @return the names of the shards, each once
   * @throws ModelException if it is no index
   */
  static Set<String> shards(Path index) {
    JsonNode map = JsonFiles.readObject(index).path("weight_map");
    Set<String> shards = new TreeSet<>();
    for (JsonNode shard : map) {
      if (!shard.isTextual() || shard.textValue().matches(".*[/\\\\:].*|\\.*")) {
        throw new ModelException(
            index
                + ": names the shard "
                + ModelException.oneLine(shard.toString())
                + "; a shard is a file beside the index");
      }
      shards.add(shard.textValue());
    }
    if (shards.isEmpty()) {
      throw new ModelException(index + ": has no weight_map, so it names no shards");
    }
    return shards;
  }
}
