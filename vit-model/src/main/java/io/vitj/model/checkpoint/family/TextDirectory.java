package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import io.vitj.model.TextConfig;
import io.vitj.model.ViTWeights;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.json.JsonFields;
import io.vitj.model.json.JsonFiles;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The text tower of a model as the hubs lay it out: a full CLIP or SigLIP of Hugging Face with
 * {@code config.json}, or a CLIP of OpenAI or open_clip. Closing it ends every weight that was not
 * copied.
 *
 * @param directory the directory, where the tokenizer is too
 * @param config the architecture
 * @param weights the weights; they read from {@code checkpoint}
 * @param checkpoint the open file
 */
public record TextDirectory(
    Path directory, TextConfig config, ViTWeights weights, CheckpointFile checkpoint)
    implements AutoCloseable {
  /**
   * Opens a model.
   *
   * @param model its directory, or its file of weights
   * @param architecture as for {@link ModelDirectory#open(Path, String)}
   * @return its text tower, to be closed
   * @throws ModelException if it has none, or something is missing, malformed or contradicts
   *     another
   */
  public static TextDirectory open(Path model, String architecture) {
    ModelFiles files = ModelFiles.find(model);
    CheckpointFile checkpoint = CheckpointFile.open(files.weights());
    try {
      if (!OriginalText.isIn(checkpoint)) {
        return huggingFace(files, checkpoint);
      }
      try (ModelDirectory image = ModelDirectory.open(model, architecture)) {
        return original(files, image, checkpoint);
      }
    } catch (RuntimeException | Error e) {
      checkpoint.close();
      throw e;
    }
  }

  /**
   * Finds the text tower of an open model.
   *
   * @param model the model, which stays the owner of the open file
   * @return its text tower, if its weights are there
   * @throws ModelException if it has one that is malformed or contradicts its config
   */
  public static Optional<TextDirectory> of(ModelDirectory model) {
    ModelFiles files = new ModelFiles(model.directory(), Optional.empty());
    CheckpointFile checkpoint = model.checkpoint();
    if (OriginalText.isIn(checkpoint)) {
      return Optional.of(original(files, model, checkpoint));
    }
    return checkpoint.tensors().containsKey(HuggingFaceText.MARKER)
        ? Optional.of(huggingFace(files, checkpoint))
        : Optional.empty();
  }

  private static TextDirectory huggingFace(ModelFiles files, CheckpointFile checkpoint) {
    Path file = files.config();
    ObjectNode json = JsonFiles.readObject(file);
    TextConfig config = explained(file, () -> HuggingFaceText.config(json));
    return bound(files, file, config, HuggingFaceText.names(), checkpoint);
  }

  private static TextDirectory original(
      ModelFiles files, ModelDirectory image, CheckpointFile checkpoint) {
    boolean described = image.family().equals(OpenClip.NAME);
    Path source = described ? files.config() : checkpoint.path();
    JsonNode json =
        described ? JsonFiles.readObject(source).path("model_cfg") : MissingNode.getInstance();
    TextConfig config =
        explained(
            source,
            () ->
                OriginalText.config(
                    json.path("text_cfg"),
                    described
                        ? OpenClip.activation(new JsonFields(json, "model_cfg."))
                        : image.config().activation(),
                    checkpoint));
    return bound(files, source, config, OriginalText.names(config), checkpoint);
  }

  private static TextDirectory bound(
      ModelFiles files, Path source, TextConfig config, NameTable names, CheckpointFile file) {
    ViTWeights weights =
        names.bind(config.encoder(), config.parameters(), file, source + " (text tower)");
    return new TextDirectory(files.directory(), config, weights, file);
  }

  private static TextConfig explained(Path source, Supplier<TextConfig> reading) {
    try {
      return reading.get();
    } catch (ModelException e) {
      throw e.at(source);
    }
  }

  /** Closes the checkpoint file. */
  @Override
  public void close() {
    checkpoint.close();
  }
}
