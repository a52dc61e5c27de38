package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import io.vitj.model.Presets;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.checkpoint.NpzFile;
import io.vitj.model.json.JsonFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What says which architecture some weights belong to: a {@code config.json}, a name that the user
 * gave, or the weights themselves.
 *
 * @param source the file that says it, for messages
 * @param family how it is said
 * @param json the config; without fields if the weights say all
 * @param preset the architecture whose preprocessing stands in where the model describes none
 */
record Description(Path source, Family family, ObjectNode json, Optional<String> preset) {
  /** Google trained its models on pixels between −1 and 1, as timm's plain ViT has them. */
  private static final String GOOGLE = "vit";

  /**
   * Reads a description before the weights are opened: an architecture that vitj does not know is
   * the likeliest mistake, and is named before all others.
   *
   * @param files where the model is
   * @param architecture the name that the user gave; null for none
   * @return the contents of {@code config.json}, unless it is absent or a name takes its place
   * @throws ModelException if the architecture is unknown
   */
  static Optional<ObjectNode> config(ModelFiles files, String architecture) {
    if (architecture != null) {
      Presets.requireKnown(architecture);
      return Optional.empty();
    }
    if (!Files.exists(files.config())) {
      return Optional.empty();
    }
    ObjectNode json = JsonFiles.readObject(files.config());
    explained(files.config(), () -> Families.of(json).architecture(json));
    return Optional.of(json);
  }

  /**
   * Finds the description of weights.
   *
   * @param files where the model is
   * @param config its config, if there is one
   * @param architecture the name that the user gave; null for none
   * @param weights the open file
   * @return the description
   * @throws ModelException if there is none
   */
  static Description of(
      ModelFiles files, Optional<ObjectNode> config, String architecture, CheckpointFile weights) {
    Path path = weights.path();
    if (weights instanceof NpzFile) {
      if (architecture != null) {
        throw new ModelException(path + ": says its architecture itself; name none");
      }
      Family family = explained(path, () -> new GoogleViT(weights));
      ObjectNode json = config.orElseGet(JsonNodeFactory.instance::objectNode);
      return new Description(path, family, json, Optional.of(GOOGLE));
    }
    if (architecture != null) {
      Family family = new TimmFamily().of(weights);
      ObjectNode json =
          explained(path, () -> NamedArchitecture.config(architecture, family, weights));
      return new Description(path, family, json, Optional.of(architecture));
    }
    ObjectNode json =
        config.orElseThrow(
            () ->
                new ModelException(
                    files.directory()
                        + ": has no config.json, which names the architecture; put it beside the"
                        + " weights, or name the architecture"));
    return new Description(files.config(), Families.of(json).of(weights), json, Optional.empty());
  }

  /**
   * Puts the path of the source into the messages of a family, which does not know it.
   *
   * @param <T> what is read
   * @param reading the work of the family
   * @return what it returns
   */
  <T> T explained(Supplier<T> reading) {
    return explained(source, reading);
  }

  private static <T> T explained(Path source, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (ModelException e) {
      throw e.at(source);
    }
  }
}
