package io.vitj.tensor.kernel;

import static io.vitj.tensor.kernel.Lanes.LITTLE;
import static io.vitj.tensor.kernel.Lanes.SPECIES;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Softmax down {@link Lanes#COUNT} columns at a time: every lane has a column of its own, so that
 * no lanes are ever combined. Offsets and distances in bytes.
 */
final class ColumnKernels {
  private ColumnKernels() {}

  /**
   * All in one method: a vector that one hands to another lives on the heap unless it is inlined.
   */
  static void softmax(MemorySegment x, long xo, long ldx, float scale, int rows) {
    FloatVector max = Lanes.load(x, xo);
    for (int i = 1; i < rows; i++) {
      FloatVector v = Lanes.load(x, xo + i * ldx);
      // Not lanewise MAX: Java's rules for NaN and −0 cost five instructions where this has two. A
      // NaN may be lost, but then the sum of the exponentials is a NaN.
      max = max.blend(v, v.compare(VectorOperators.GT, max));
    }
    FloatVector sum = Lanes.broadcast(0);
    for (int i = 0; i < rows; i++) {
      FloatVector e = VectorMath.exp(Lanes.load(x, xo + i * ldx).sub(max).mul(scale));
      e.intoMemorySegment(x, xo + i * ldx, LITTLE);
      sum = sum.add(e);
    }
    FloatVector inverse = Lanes.broadcast(1).div(sum);
    for (int i = 0; i < rows; i++) {
      FloatVector e = fromMemorySegment(SPECIES, x, xo + i * ldx, LITTLE);
      e.mul(inverse).intoMemorySegment(x, xo + i * ldx, LITTLE);
    }
  }
}
