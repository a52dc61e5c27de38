package io.vitj.cli;

import io.vitj.model.ModelBundle;
import io.vitj.model.ModelException;
import io.vitj.model.PackedParts;
import io.vitj.model.Presets;
import io.vitj.model.ViTWeights;
import io.vitj.model.VisionTransformer;
import io.vitj.model.hub.ModelResolver;
import io.vitj.tensor.DType;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A model to be measured: a checkpoint, or an architecture with random weights.
 *
 * @param name what to call it
 * @param model the model
 * @param owner frees it
 */
record BenchModel(String name, VisionTransformer model, Runnable owner) implements AutoCloseable {
  private static final long SEED = 42;

  /**
   * Loads a model.
   *
   * @param name a folder, the name of a preset, or org/name in the cache; null for the bundled
   *     model
   * @param architecture the architecture of a checkpoint that does not say it; null for none
   * @param dtype how weights are kept in memory; null for the default
   * @return the model
   * @throws ModelException if it cannot be loaded
   */
  static BenchModel load(String name, String architecture, DType dtype) {
    if (name == null) {
      return checkpoint(BundledModel.FOLDER, BundledModel.path(), architecture, dtype);
    }
    boolean plain = !name.matches(".*[/\\\\@].*");
    return plain && architecture == null && !Files.exists(Path.of(name))
        ? preset(name, dtype == null ? DType.F32 : dtype)
        : checkpoint(name, ModelResolver.resolve(name), architecture, dtype);
  }

  private static BenchModel checkpoint(String name, Path folder, String architecture, DType dtype) {
    ModelBundle bundle = ModelBundle.load(folder, architecture, dtype);
    return new BenchModel(name, bundle.model(), bundle::close);
  }

  private static BenchModel preset(String name, DType dtype) {
    ViTWeights weights = ViTWeights.random(Presets.config(name), SEED);
    Arena arena = Arena.ofShared();
    try {
      VisionTransformer model = VisionTransformer.of(weights, arena, PackedParts.made(dtype));
      return new BenchModel(name + " (random weights)", model, arena::close);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  @Override
  public void close() {
    owner.run();
  }
}
