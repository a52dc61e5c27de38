package io.vitj.model.checkpoint.family;

import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * Some rows of one source: what others call queries, keys and values in one tensor.
 *
 * @param first the first part that is taken
 * @param count how many parts are taken
 * @param parts the equal parts of the source along its outermost axis
 */
record PartTransform(int first, int count, int parts) implements Transform {
  @Override
  public List<Shape> sourceShapes(Shape canonical, int sources) {
    int[] dims = canonical.dims();
    dims[0] = dims[0] / count * parts;
    return List.of(Shape.of(dims));
  }

  @Override
  public Tensor apply(List<Tensor> sources, Shape canonical, Arena arena) {
    int part = canonical.dim(0) / count;
    return sources.getFirst().slice(first * part, canonical.dim(0));
  }
}
