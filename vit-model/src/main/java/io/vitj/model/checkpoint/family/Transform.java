package io.vitj.model.checkpoint.family;

import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** How tensors of a file become one canonical tensor. */
interface Transform {
  /** The one source, as it is stored. */
  Transform AS_STORED =
      new Transform() {
        @Override
        public List<Shape> sourceShapes(Shape canonical, int sources) {
          return List.of(canonical);
        }

        @Override
        public Tensor apply(List<Tensor> sources, Shape canonical, Arena arena) {
          return sources.getFirst();
        }
      };

  /** The one source, which lacks the leading axes of length 1. */
  Transform UNBATCHED =
      new Transform() {
        @Override
        public List<Shape> sourceShapes(Shape canonical, int sources) {
          int first = 0;
          while (first < canonical.rank() - 1 && canonical.dim(first) == 1) {
            first++;
          }
          int[] dims = canonical.dims();
          return List.of(Shape.of(Arrays.copyOfRange(dims, first, dims.length)));
        }

        @Override
        public Tensor apply(List<Tensor> sources, Shape canonical, Arena arena) {
          return sources.getFirst().reshape(canonical);
        }
      };

  /** Sources of the same shape, one after another along the outermost axis. */
  Transform JOINED =
      new Transform() {
        @Override
        public List<Shape> sourceShapes(Shape canonical, int sources) {
          int[] dims = canonical.dims();
          dims[0] /= sources;
          return Collections.nCopies(sources, Shape.of(dims));
        }

        @Override
        public Tensor apply(List<Tensor> sources, Shape canonical, Arena arena) {
          Tensor joined = Tensor.allocate(arena, canonical);
          int length = canonical.dim(0) / sources.size();
          for (int i = 0; i < sources.size(); i++) {
            joined.slice(i * length, length).copyFrom(sources.get(i));
          }
          return joined;
        }
      };

  /**
   * Returns this transform for one block, where the sources hold those of all blocks.
   *
   * @param index the index of the block
   * @return a transform of the same sources; this, if they are of one block anyway
   */
  default Transform ofBlock(int index) {
    return this;
  }

  /**
   * Returns the shapes that the sources must have.
   *
   * @param canonical the shape of the result
   * @param sources the number of sources
   * @return one shape for each source
   */
  List<Shape> sourceShapes(Shape canonical, int sources);

  /**
   * Makes the canonical tensor.
   *
   * @param sources tensors of those shapes, of any dtype
   * @param canonical the shape of the result
   * @param arena the owner of memory that is needed
   * @return a tensor of the canonical shape: a source, or an F32 tensor in {@code arena}
   */
  Tensor apply(List<Tensor> sources, Shape canonical, Arena arena);
}
