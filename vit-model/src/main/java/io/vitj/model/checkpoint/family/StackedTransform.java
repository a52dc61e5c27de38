package io.vitj.model.checkpoint.family;

import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A transform of sources that hold those of all blocks, one after another along an axis in front of
 * the others.
 *
 * @param depth the number of blocks
 * @param index which of them to take
 * @param ofOne from the part of that block to the canonical tensor
 */
record StackedTransform(int depth, int index, Transform ofOne) implements Transform {
  @Override
  public Transform ofBlock(int block) {
    return new StackedTransform(depth, block, ofOne);
  }

  @Override
  public List<Shape> sourceShapes(Shape canonical, int sources) {
    return ofOne.sourceShapes(canonical, sources).stream().map(this::stacked).toList();
  }

  private Shape stacked(Shape part) {
    return Shape.of(IntStream.concat(IntStream.of(depth), IntStream.of(part.dims())).toArray());
  }

  @Override
  public Tensor apply(List<Tensor> sources, Shape canonical, Arena arena) {
    List<Shape> shapes = ofOne.sourceShapes(canonical, sources.size());
    List<Tensor> parts = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      parts.add(sources.get(i).slice(index, 1).reshape(shapes.get(i)));
    }
    return ofOne.apply(parts, canonical, arena);
  }
}
