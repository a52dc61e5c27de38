package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import io.vitj.model.Parameter;
import io.vitj.model.TimmEquivalent;
import io.vitj.model.ViTConfig;
import io.vitj.model.checkpoint.CheckpointFormat;
import io.vitj.model.checkpoint.Narrowing;
import io.vitj.model.checkpoint.OutputFile;
import io.vitj.model.checkpoint.SafetensorsWriter;
import io.vitj.model.checkpoint.StorageType;
import io.vitj.model.checkpoint.StoredTensor;
import io.vitj.model.checkpoint.family.ModelDirectory.Preprocessing;
import io.vitj.model.image.Preprocess;
import io.vitj.model.json.JsonFiles;
import io.vitj.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes a model of any family under timm's names: {@code model.safetensors}, and a {@code
 * config.json} that vitj reads back exactly, and timm where it has that architecture. Labels and
 * preprocessing go along; Hugging Face's description of preprocessing is kept beside timm's, whose
 * terms are narrower.
 */
public final class CanonicalDirectory {
  private static final Set<String> NOT_OF_PREPROCESSING =
      Set.of("architecture", "num_features", "model_args", "label_names", "label_descriptions");

  private final ModelDirectory model;
  private final Path folder;
  private final Path weights;

  private CanonicalDirectory(ModelDirectory model, Path target) {
    this.model = model;
    boolean file = isWeights(target);
    this.folder = file ? target.toAbsolutePath().getParent() : target;
    this.weights = file ? target : target.resolve(ModelFiles.WEIGHTS);
  }

  /**
   * Tells whether a target names the file of weights.
   *
   * @param target what a user named
   * @return false if it is a directory, to be made or not
   */
  private static boolean isWeights(Path target) {
    return !Files.isDirectory(target)
        && CheckpointFormat.of(target).equals(Optional.of(CheckpointFormat.SAFETENSORS));
  }

  /**
   * Returns how the weights of a model are stored.
   *
   * @param model the model
   * @return the type of all its tensors; F32 where they differ, or are stored as none of vitj's
   */
  public static DType storedType(ModelDirectory model) {
    Set<StorageType> types =
        model.checkpoint().tensors().values().stream()
            .map(StoredTensor::type)
            .filter(StorageType::readable)
            .collect(Collectors.toSet());
    return types.size() == 1 ? types.iterator().next().dtype().orElse(DType.F32) : DType.F32;
  }

  /**
   * Writes a model.
   *
   * @param model the model
   * @param dtype how to store its weights, rounded to nearest, ties to even
   * @param target a directory, made if there is none, or a {@code .safetensors} file, whose {@code
   *     config.json} then lies beside it
   * @throws ModelException if a weight is too large for the type, a file cannot be written, or a
   *     config of another model is in the way
   */
  public static void write(ModelDirectory model, DType dtype, Path target) {
    new CanonicalDirectory(model, target).write(dtype);
  }

  private void write(DType dtype) {
    byte[] config = JsonFiles.bytes(config());
    boolean made = makeFolder();
    try {
      requireFree(folder.resolve(ModelFiles.CONFIG), config);
      writeWeights(dtype);
      OutputFile.write(folder.resolve(ModelFiles.CONFIG), config);
      if (model.preprocessing().kind() == Preprocessing.Kind.HUGGING_FACE) {
        OutputFile.write(
            folder.resolve(ModelDirectory.PREPROCESSOR),
            JsonFiles.bytes(model.preprocessing().json()));
      }
    } catch (RuntimeException | Error e) {
      if (made) {
        removeFolder(e);
      }
      throw e;
    }
  }

  private boolean makeFolder() {
    if (Files.isDirectory(folder)) {
      return false;
    }
    try {
      Files.createDirectory(folder);
      return true;
    } catch (IOException e) {
      throw new ModelException(folder + ": cannot be made: " + ModelException.reason(e), e);
    }
  }

  private void removeFolder(Throwable failure) {
    try {
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      failure.addSuppressed(e); // something of it was written
    }
  }

  private static void requireFree(Path config, byte[] wanted) {
    if (Files.exists(config)
        && !JsonFiles.readObject(config).equals(JsonFiles.object(wanted, "the new config"))) {
      throw new ModelException(
          config + ": is there already and says something else; name a folder of its own");
    }
  }

  private void writeWeights(DType dtype) {
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.metadata("format", "pt"); // transformers asks for it
    NameTable names = CanonicalFamily.names(model.config());
    for (Parameter parameter : model.config().parameters()) {
      String name = parameter.name();
      writer.add(
          names.source(parameter),
          dtype,
          parameter.shape(),
          arena -> Narrowing.to(dtype, name, model.weights().get(name, arena), arena));
    }
    writer.write(weights);
  }

  private ObjectNode config() {
    ViTConfig config = model.config();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    TimmEquivalent.of(config, model.architecture())
        .ifPresent(
            timm -> {
              json.put("architecture", timm.architecture());
              if (!timm.arguments().isEmpty()) {
                json.set("model_args", timm.arguments());
              }
            });
    json.put("num_classes", config.classes());
    json.put("num_features", config.width());
    json.set("pretrained_cfg", preprocessing());
    List<String> labels = model.labels();
    if (!labels.isEmpty()) {
      labels.forEach(json.putArray("label_names")::add);
    }
    json.set(CanonicalFamily.KEY, CanonicalFamily.describe(model));
    return json;
  }

  private ObjectNode preprocessing() {
    ViTConfig config = model.config();
    JsonNode given = model.preprocessing().json();
    ObjectNode description =
        switch (model.preprocessing().kind()) {
          case TIMM -> given.deepCopy();
          case HUGGING_FACE -> {
            String source = model.preprocessing().file().toString();
            yield Preprocess.huggingFace(given, model.preprocessing().modelType(), source).timm();
          }
          case NONE -> Preprocess.defaults(config.imageHeight(), config.imageWidth()).timm();
        };
    description.remove(NOT_OF_PREPROCESSING);
    return description.put("num_classes", config.classes());
  }
}
