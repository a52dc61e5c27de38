package io.vitj.tensor.kernel;

import org.junit.jupiter.api.Test;

/** Copies, sums and multiples round once: every provider gives the bits of plain Java. */
@OnProcessorWidth
class ElementwiseConformanceTest {
  private static final int ROWS = 3;

  private final Kernels kernels = KernelProvider.kernels();
  private final int[] sizes = Samples.sizes(kernels.blocking().lanes());

  @Test
  void fillsRows() {
    for (int n : sizes) {
      Area v = Area.vector(1, Samples.special(n, n));
      Area y = Area.matrix(3, ROWS, n, n + 2).set(Samples.normal(ROWS * n, 2));
      kernels.fillRows(v.input(), v.offset, y.segment, y.offset, y.stride, ROWS, n);
      y.checkGuards();
      for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < n; j++) {
          Bounds.checkBits("n " + n + " at " + j, y.get(i, j), v.get(0, j));
        }
      }
    }
  }

  @Test
  void adds() {
    for (int n : sizes) {
      float[] before = Samples.special(n, 2);
      Area x = Area.vector(1, Samples.special(n, n));
      Area y = Area.vector(5, before);
      kernels.add(x.input(), x.offset, y.segment, y.offset, n);
      y.checkGuards();
      for (int j = 0; j < n; j++) {
        Bounds.checkBits("n " + n + " at " + j, y.get(0, j), before[j] + x.get(0, j));
      }
    }
  }

  @Test
  void scales() {
    for (int n : sizes) {
      for (float factor : new float[] {0.3f, -0f, 1e-30f, 1e30f, Float.NaN}) {
        float[] values = Samples.special(n, n);
        Area x = Area.vector(1, values);
        Area y = Area.matrix(5, 1, n, n);
        kernels.scale(x.segment, x.offset, factor, y.segment, y.offset, n);
        kernels.scale(x.segment, x.offset, factor, x.segment, x.offset, n);
        x.checkGuards();
        y.checkGuards();
        for (int j = 0; j < n; j++) {
          Bounds.checkBits("n " + n + " at " + j, y.get(0, j), factor * values[j]);
          Bounds.checkBits("in place, n " + n + " at " + j, x.get(0, j), factor * values[j]);
        }
      }
    }
  }
}
