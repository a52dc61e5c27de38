package io.vitj.cli;

import io.vitj.model.ModelBundle;
import io.vitj.model.ModelException;
import io.vitj.model.hub.ModelResolver;
import io.vitj.tensor.DType;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The option that says which checkpoint to use. */
final class ModelOption {
  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "Folder of the checkpoint, a .vitj file, or org/name[@revision] of one that vit pull"
              + " fetched (default:"
              + " a small model that ships with vit).")
  private String model;

  @Mixin private ArchitectureOption architecture;
  @Mixin private WeightsOption weights;

  /**
   * Returns the checkpoint.
   *
   * @return the folder that was named, or its place in the cache, or the bundled model
   * @throws ModelException if there is no such model
   */
  Path path() {
    return model == null ? BundledModel.path() : ModelResolver.resolve(model);
  }

  /**
   * Returns the architecture that was named.
   *
   * @return its name in timm, or null
   */
  String architecture() {
    return architecture.name(model);
  }

  /**
   * Returns how weights are kept in memory.
   *
   * @return F32, BF16, or null for the default
   */
  DType weights() {
    return weights.dtype();
  }

  /**
   * Loads the checkpoint.
   *
   * @return the packed model, to be closed
   * @throws ModelException if there is no such model, or it cannot be loaded
   */
  ModelBundle load() {
    return ModelBundle.load(path(), architecture(), weights());
  }

  /**
   * Returns what to call it.
   *
   * @return as it was named
   */
  String name() {
    return model == null ? BundledModel.FOLDER : model;
  }
}
