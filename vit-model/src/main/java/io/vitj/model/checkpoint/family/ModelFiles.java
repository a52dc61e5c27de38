package io.vitj.model.checkpoint.family;

import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.CheckpointFormat;
import io.vitj.model.packed.PackedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the parts of a model are.
 *
 * @param directory the directory of all of them
 * @param chosen the file of weights, if the user named it
 */
record ModelFiles(Path directory, Optional<Path> chosen) {
  static final String CONFIG = "config.json";
  private static final String OPEN_CLIP_CONFIG = "open_clip_config.json";
  static final String WEIGHTS = "model.safetensors";
  private static final int LISTED = 4;

  /** What Hugging Face's libraries write, the better first. */
  private static final List<String> STANDARD =
      List.of(
          WEIGHTS,
          "model.safetensors.index.json",
          "pytorch_model.bin",
          "pytorch_model.bin.index.json",
          "open_clip_model.safetensors",
          "open_clip_pytorch_model.bin");

  /** Formats that weights of any name may have; tensors that are no model are safetensors, too. */
  private static final List<CheckpointFormat> OTHERS =
      List.of(CheckpointFormat.TORCH, CheckpointFormat.NPZ, CheckpointFormat.SAFETENSORS);

  /**
   * Takes what a user named.
   *
   * @param model a directory or a file of weights
   * @return its parts
   * @throws ModelException if it is neither
   */
  static ModelFiles find(Path model) {
    if (!Files.exists(model)) {
      throw new ModelException(model + ": there is no such model directory");
    }
    if (Files.isDirectory(model)) {
      return new ModelFiles(model, Optional.empty());
    }
    if (PackedFile.isNamed(model)) {
      throw new ModelException(
          model
              + ": is packed to run images, and holds no weights as they were stored; name the"
              + " model that it was converted from");
    }
    if (CheckpointFormat.of(model).isEmpty()) {
      throw new ModelException(
          model
              + ": is a file; a model is a directory with "
              + CONFIG
              + " and "
              + WEIGHTS
              + ", or a file of weights");
    }
    Path directory = model.toAbsolutePath().getParent();
    return new ModelFiles(directory, Optional.of(model));
  }

  /**
   * Returns where the config is.
   *
   * @return the path of a file that may not exist
   */
  Path config() {
    Path openClip = directory.resolve(OPEN_CLIP_CONFIG);
    Path config = directory.resolve(CONFIG);
    return !Files.exists(config) && Files.exists(openClip) ? openClip : config;
  }

  /**
   * Finds the weights.
   *
   * @return a file that exists, or that the user named
   * @throws ModelException if there are none, or too many
   */
  Path weights() {
    if (chosen.isPresent()) {
      return chosen.get();
    }
    for (String name : STANDARD) {
      if (Files.exists(directory.resolve(name))) {
        return directory.resolve(name);
      }
    }
    List<Path> files = list();
    for (CheckpointFormat format : OTHERS) {
      List<Path> candidates =
          files.stream().filter(f -> CheckpointFormat.of(f).equals(Optional.of(format))).toList();
      if (candidates.size() == 1) {
        return candidates.getFirst();
      }
      if (candidates.size() > 1) {
        throw new ModelException(
            String.format(
                "%s: has no %s, and %d files that may be it: %s; name one of them",
                directory, WEIGHTS, candidates.size(), names(candidates)));
      }
    }
    throw new ModelException(
        Files.exists(config())
            ? directory + ": has no " + WEIGHTS + " and no other file of weights; put them there"
            : directory
                + ": has no "
                + CONFIG
                + " and no weights; a model is a directory with "
                + CONFIG
                + " and "
                + WEIGHTS);
  }

  private static String names(List<Path> files) {
    String names =
        files.stream()
            .limit(LISTED)
            .map(file -> ModelException.quote(String.valueOf(file.getFileName())))
            .collect(Collectors.joining(", "));
    return files.size() > LISTED ? names + ", …" : names;
  }

  private List<Path> list() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new ModelException(directory + ": cannot be listed: " + ModelException.reason(e), e);
    }
  }
}
