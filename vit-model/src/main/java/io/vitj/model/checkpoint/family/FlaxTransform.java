package io.vitj.model.checkpoint.family;

import io.vitj.model.checkpoint.strided.StridedView;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Collections;
import java.util.List;

/**
 * From arrays as Flax lays them out, inputs before outputs, to tensors as PyTorch does, outputs
 * first: the axes are reordered and then taken for those of the canonical tensor. Several sources
 * follow one another along its outermost axis.
 */
final class FlaxTransform implements Transform {
  private final Shape source;
  private final int[] axes;

  /**
   * Makes a transform.
   *
   * @param source the shape of each source
   * @param axes the axes of the source in the order of the result
   */
  FlaxTransform(Shape source, int... axes) {
    this.source = source;
    this.axes = axes;
  }

  /**
   * Makes a transform that keeps the order of the elements.
   *
   * @param source the shape of each source
   * @return the transform
   */
  static FlaxTransform reshaped(Shape source) {
    int[] axes = new int[source.rank()];
    for (int axis = 0; axis < axes.length; axis++) {
      axes[axis] = axis;
    }
    return new FlaxTransform(source, axes);
  }

  @Override
  public List<Shape> sourceShapes(Shape canonical, int sources) {
    return Collections.nCopies(sources, source);
  }

  @Override
  public Tensor apply(List<Tensor> sources, Shape canonical, Arena arena) {
    Tensor target = Tensor.allocate(arena, canonical);
    int length = canonical.dim(0) / sources.size();
    for (int i = 0; i < sources.size(); i++) {
      StridedView.of(sources.get(i)).permuted(axes).copyTo(target.slice(i * length, length));
    }
    return target;
  }
}
