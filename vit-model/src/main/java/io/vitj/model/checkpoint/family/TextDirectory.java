package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import io.vitj.model.TextConfig;
import io.vitj.model.ViTWeights;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.json.JsonFiles;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The text tower of a model as the hubs lay it out: a full CLIP or SigLIP with {@code config.json}.
 * Closing it ends every weight that was not copied.
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
   * @return its text tower, to be closed
   * @throws ModelException if it has none, or something is missing, malformed or contradicts
   *     another
   */
  public static TextDirectory open(Path model) {
    ModelFiles files = ModelFiles.find(model);
    TextConfig config = config(files.config());
    CheckpointFile checkpoint = CheckpointFile.open(files.weights());
    try {
      return of(files, config, checkpoint);
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
    if (!model.checkpoint().tensors().containsKey(HuggingFaceText.MARKER)) {
      return Optional.empty();
    }
    ModelFiles files = new ModelFiles(model.directory(), Optional.empty());
    return Optional.of(of(files, config(files.config()), model.checkpoint()));
  }

  private static TextDirectory of(ModelFiles files, TextConfig config, CheckpointFile checkpoint) {
    String source = files.config() + " (text tower)";
    ViTWeights weights =
        HuggingFaceText.names().bind(config.encoder(), config.parameters(), checkpoint, source);
    return new TextDirectory(files.directory(), config, weights, checkpoint);
  }

  private static TextConfig config(Path file) {
    ObjectNode json = JsonFiles.readObject(file);
    try {
      return HuggingFaceText.config(json);
    } catch (ModelException e) {
      throw e.at(file);
    }
  }

  /** Closes the checkpoint file. */
  @Override
  public void close() {
    checkpoint.close();
  }
}
