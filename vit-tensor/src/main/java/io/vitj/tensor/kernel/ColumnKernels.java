package io.vitj.tensor.kernel;

import static io.vitj.tensor.kernel.Lanes.LITTLE;
import static io.vitj.tensor.kernel.Lanes.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Softmax down {@link Lanes#COUNT} columns at a time: every lane has a column of its own, so that
 * no lanes are ever combined. Offsets and distances in bytes.
 *
 * <p>In two methods that hand no vector to one another, and with the JDK's methods called directly:
 * a vector that passes a method that is not inlined lives on the heap (see {@link VectorMath}).
 */
final class ColumnKernels {
  private ColumnKernels() {}

  static void softmax(MemorySegment x, long xo, long ldx, float scale, int rows) {
    centre(x, xo, ldx, scale, rows);
    exponentials(x, xo, ldx, rows);
  }

  /** x = scale · (x − max). */
  private static void centre(MemorySegment x, long xo, long ldx, float scale, int rows) {
    // Not lanewise MAX: Java's rules for NaN and −0 cost five instructions where this has two. A
    // NaN may be lost, but then the sum of the exponentials is a NaN. Four maxima, because one
    // would wait for the comparison before it.
    FloatVector max = fromMemorySegment(SPECIES, x, xo, LITTLE);
    FloatVector m1 = max;
    FloatVector m2 = max;
    FloatVector m3 = max;
    int row = 1;
    for (; row + 4 <= rows; row += 4) {
      long at = xo + row * ldx;
      FloatVector v0 = fromMemorySegment(SPECIES, x, at, LITTLE);
      FloatVector v1 = fromMemorySegment(SPECIES, x, at + ldx, LITTLE);
      FloatVector v2 = fromMemorySegment(SPECIES, x, at + 2 * ldx, LITTLE);
      FloatVector v3 = fromMemorySegment(SPECIES, x, at + 3 * ldx, LITTLE);
      max = max.blend(v0, v0.compare(VectorOperators.GT, max));
      m1 = m1.blend(v1, v1.compare(VectorOperators.GT, m1));
      m2 = m2.blend(v2, v2.compare(VectorOperators.GT, m2));
      m3 = m3.blend(v3, v3.compare(VectorOperators.GT, m3));
    }
    for (; row < rows; row++) {
      FloatVector v = fromMemorySegment(SPECIES, x, xo + row * ldx, LITTLE);
      max = max.blend(v, v.compare(VectorOperators.GT, max));
    }
    max = max.blend(m1, m1.compare(VectorOperators.GT, max));
    m2 = m2.blend(m3, m3.compare(VectorOperators.GT, m2));
    max = max.blend(m2, m2.compare(VectorOperators.GT, max));
    for (int i = 0; i < rows; i++) {
      FloatVector v = fromMemorySegment(SPECIES, x, xo + i * ldx, LITTLE);
      v.sub(max).mul(scale).intoMemorySegment(x, xo + i * ldx, LITTLE);
    }
  }

  /** x = eˣ / Σ eˣ. */
  private static void exponentials(MemorySegment x, long xo, long ldx, int rows) {
    FloatVector sum = broadcast(SPECIES, 0f);
    for (int i = 0; i < rows; i++) {
      FloatVector e = VectorMath.exp(fromMemorySegment(SPECIES, x, xo + i * ldx, LITTLE));
      e.intoMemorySegment(x, xo + i * ldx, LITTLE);
      sum = sum.add(e);
    }
    FloatVector inverse = broadcast(SPECIES, 1f).div(sum);
    for (int i = 0; i < rows; i++) {
      FloatVector e = fromMemorySegment(SPECIES, x, xo + i * ldx, LITTLE);
      e.mul(inverse).intoMemorySegment(x, xo + i * ldx, LITTLE);
    }
  }
}
