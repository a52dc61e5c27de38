package io.vitj.model.checkpoint.family;

import io.vitj.model.ModelException;
import io.vitj.model.Parameter;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTWeights;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

/** Weights that are read from a checkpoint file when they are asked for. */
final class MappedWeights implements ViTWeights {
  /**
   * Where one parameter comes from.
   *
   * @param parameter its canonical name and shape
   * @param transform from the sources to the parameter
   * @param sources names in the file
   */
  record Binding(Parameter parameter, Transform transform, List<String> sources) {
    List<Shape> sourceShapes() {
      return transform.sourceShapes(parameter.shape(), sources.size());
    }
  }

  private final ViTConfig config;
  private final CheckpointFile file;
  private final Map<String, Binding> bindings;

  MappedWeights(ViTConfig config, CheckpointFile file, Map<String, Binding> bindings) {
    this.config = config;
    this.file = file;
    this.bindings = Map.copyOf(bindings);
  }

  @Override
  public ViTConfig config() {
    return config;
  }

  @Override
  public Tensor get(String name, Arena arena) {
    Binding binding = bindings.get(name);
    if (binding == null) {
      throw new ModelException(
          file.path() + ": the model has no parameter " + ModelException.quote(name));
    }
    List<Tensor> sources =
        binding.sources().stream().map(source -> file.read(source, arena)).toList();
    return binding.transform().apply(sources, binding.parameter().shape(), arena);
  }
}
