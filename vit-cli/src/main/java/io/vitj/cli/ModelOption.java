package io.vitj.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that says which checkpoint to use. */
final class ModelOption {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Folder of the checkpoint (default: a small model that ships with vit).")
  private Path model;

  /**
   * Returns the checkpoint.
   *
   * @return the folder that was named, or the bundled model
   */
  Path path() {
    return model == null ? BundledModel.path() : model;
  }

  /**
   * Returns what to call it.
   *
   * @return as it was named
   */
  String name() {
    return model == null ? BundledModel.FOLDER : model.toString();
  }
}
