package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTWeights;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.json.JsonFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A model as the hubs lay it out: {@code config.json}, {@code preprocessor_config.json} and {@code
 * model.safetensors} in one directory. Closing it ends every weight that was not copied.
 *
 * @param directory the directory
 * @param family the layout, for people
 * @param architecture the name of the architecture in its library
 * @param config the architecture
 * @param weights the weights; they read from {@code checkpoint}
 * @param labels one label for each class
 * @param preprocessing what the model's directory says about preprocessing
 * @param checkpoint the open file
 */
public record ModelDirectory(
    Path directory,
    String family,
    String architecture,
    ViTConfig config,
    ViTWeights weights,
    List<String> labels,
    Preprocessing preprocessing,
    CheckpointFile checkpoint)
    implements AutoCloseable {

  /**
   * A description of preprocessing, as it lies beside the checkpoint.
   *
   * @param kind whose rules it follows
   * @param json the description; a missing node if there is none
   * @param file where it is, or would be
   * @param modelType {@code model_type} of a Hugging Face config; empty in one of timm
   */
  public record Preprocessing(Kind kind, JsonNode json, Path file, String modelType) {
    /** Whose rules a description follows. */
    public enum Kind {
      /** {@code preprocessor_config.json} of Hugging Face's image processors. */
      HUGGING_FACE,
      /** {@code pretrained_cfg} of timm. */
      TIMM,
      /** There is no description. */
      NONE
    }
  }

  private static final String CONFIG = "config.json";
  private static final String PREPROCESSOR = "preprocessor_config.json";
  private static final String WEIGHTS = "model.safetensors";

  /**
   * Reads a directory.
   *
   * @param directory the directory, on any file system
   * @return the model, to be closed
   * @throws ModelException if something is missing, malformed, unknown, or contradicts another
   */
  public static ModelDirectory open(Path directory) {
    requireDirectory(directory);
    Path configFile = directory.resolve(CONFIG);
    if (!Files.exists(configFile)) {
      throw new ModelException(
          directory
              + ": has no "
              + CONFIG
              + "; a model is a directory with "
              + CONFIG
              + " and "
              + WEIGHTS);
    }
    ObjectNode json = JsonFiles.readObject(configFile);
    Family family = explained(configFile, () -> Families.of(json));
    String architecture = explained(configFile, () -> family.architecture(json));
    CheckpointFile checkpoint = CheckpointFile.open(weightsIn(directory));
    try {
      ViTConfig config = explained(configFile, () -> family.config(json, checkpoint));
      String configName = configFile + " (" + architecture + ", " + family.name() + ')';
      return new ModelDirectory(
          directory,
          family.name(),
          architecture,
          config,
          family.names(config).bind(config, checkpoint, configName),
          explained(configFile, () -> family.labels(json, config.classes())),
          preprocessing(directory, json),
          checkpoint);
    } catch (RuntimeException | Error e) {
      checkpoint.close();
      throw e;
    }
  }

  /** Puts the path of the config into the messages of a family, which does not know it. */
  private static <T> T explained(Path configFile, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (ModelException e) {
      throw new ModelException(configFile + ": " + e.getMessage(), e);
    }
  }

  private static void requireDirectory(Path directory) {
    if (!Files.exists(directory)) {
      throw new ModelException(directory + ": there is no such model directory");
    }
    if (!Files.isDirectory(directory)) {
      throw new ModelException(
          directory + ": is a file; a model is a directory with " + CONFIG + " and " + WEIGHTS);
    }
  }

  private static Preprocessing preprocessing(Path directory, ObjectNode config) {
    String modelType = config.path("model_type").asText();
    JsonNode timm = TimmFamily.pretrained(config);
    if (!timm.isMissingNode()) {
      return new Preprocessing(Preprocessing.Kind.TIMM, timm, directory.resolve(CONFIG), modelType);
    }
    Path file = directory.resolve(PREPROCESSOR);
    return Files.exists(file)
        ? new Preprocessing(
            Preprocessing.Kind.HUGGING_FACE, JsonFiles.readObject(file), file, modelType)
        : new Preprocessing(Preprocessing.Kind.NONE, MissingNode.getInstance(), file, modelType);
  }

  private static Path weightsIn(Path directory) {
    Path weights = directory.resolve(WEIGHTS);
    if (Files.exists(weights)) {
      return weights;
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> candidates =
          files.filter(f -> String.valueOf(f.getFileName()).endsWith(".safetensors")).toList();
      if (candidates.size() == 1) {
        return candidates.getFirst();
      }
      throw new ModelException(
          directory
              + ": has no "
              + WEIGHTS
              + " and "
              + (candidates.isEmpty() ? "no other" : candidates.size() + " other")
              + " .safetensors files; put the weights into "
              + WEIGHTS);
    } catch (IOException e) {
      throw new ModelException(directory + ": cannot be listed: " + ModelException.reason(e), e);
    }
  }

  /** Closes the checkpoint file. */
  @Override
  public void close() {
    checkpoint.close();
  }
}
