package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import io.vitj.model.Presets;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTWeights;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.json.JsonFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model as the hubs lay it out: {@code config.json}, {@code preprocessor_config.json} and weights
 * in one directory. Closing it ends every weight that was not copied.
 *
 * <p>Weights are {@code model.safetensors}, its shards with {@code model.safetensors.index.json},
 * {@code pytorch_model.bin}, or else the only file of PyTorch, of NumPy or in safetensors. Google's
 * {@code .npz} files need no config; for other weights without one the caller names the
 * architecture.
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
   * @param anySize whether models of this family run at whatever size it has
   */
  public record Preprocessing(
      Kind kind, JsonNode json, Path file, String modelType, boolean anySize) {
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

  static final String PREPROCESSOR = "preprocessor_config.json";

  /**
   * Opens a model.
   *
   * @param model its directory, or its file of weights, on any file system
   * @return the model, to be closed
   * @throws ModelException if something is missing, malformed, unknown, or contradicts another
   */
  public static ModelDirectory open(Path model) {
    return open(model, null);
  }

  /**
   * Opens a model whose architecture may be named by the caller.
   *
   * @param model its directory, or its file of weights, on any file system
   * @param architecture a name out of {@link Presets}, which takes the place of {@code
   *     config.json}; null if the model says what it is. Classes, pooling and image size follow
   *     from the weights.
   * @return the model, to be closed
   * @throws ModelException if something is missing, malformed, unknown, or contradicts another
   */
  public static ModelDirectory open(Path model, String architecture) {
    ModelFiles files = ModelFiles.find(model);
    Optional<ObjectNode> config = Description.config(files, architecture);
    CheckpointFile checkpoint = CheckpointFile.open(files.weights());
    try {
      return read(files, Description.of(files, config, architecture, checkpoint), checkpoint);
    } catch (RuntimeException | Error e) {
      checkpoint.close();
      throw e;
    }
  }

  private static ModelDirectory read(
      ModelFiles files, Description description, CheckpointFile checkpoint) {
    Family family = description.family();
    ObjectNode json = description.json();
    ViTConfig asked = description.explained(() -> family.config(json, checkpoint));
    NameTable names = family.names(asked, checkpoint);
    ViTConfig config = StoredPositions.fit(asked, names, checkpoint);
    String architecture = description.explained(() -> family.architecture(json));
    String source = description.source() + " (" + architecture + ", " + family.name() + ')';
    return new ModelDirectory(
        files.directory(),
        family.name(),
        architecture,
        config,
        names.bind(config, checkpoint, source),
        description.explained(() -> family.labels(json, config.classes())),
        preprocessing(files, description, config),
        checkpoint);
  }

  private static Preprocessing preprocessing(
      ModelFiles files, Description description, ViTConfig config) {
    Path file = files.directory().resolve(PREPROCESSOR);
    String converted = CanonicalFamily.modelType(description.json());
    boolean kept = !converted.isEmpty() && Files.exists(file);
    String modelType = kept ? converted : description.json().path("model_type").asText();
    JsonNode timm =
        description.explained(() -> description.family().preprocessing(description.json()));
    if (!timm.isMissingNode() && !kept) {
      return preprocessing(timm, files.config(), modelType);
    }
    if (Files.exists(file)) {
      ObjectNode json = JsonFiles.readObject(file);
      boolean anySize = description.family().takesAnySize();
      return new Preprocessing(Preprocessing.Kind.HUGGING_FACE, json, file, modelType, anySize);
    }
    return description
        .preset()
        .map(name -> NamedArchitecture.preprocessing(name, config))
        .map(json -> preprocessing(json, description.source(), modelType))
        .orElse(
            new Preprocessing(
                Preprocessing.Kind.NONE, MissingNode.getInstance(), file, modelType, false));
  }

  private static Preprocessing preprocessing(JsonNode timm, Path source, String modelType) {
    return new Preprocessing(Preprocessing.Kind.TIMM, timm, source, modelType, false);
  }

  /** Closes the checkpoint file. */
  @Override
  public void close() {
    checkpoint.close();
  }
}
