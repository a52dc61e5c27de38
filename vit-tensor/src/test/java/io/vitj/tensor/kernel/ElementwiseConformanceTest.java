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
  void addsRows() {
    for (int n : sizes) {
      float[] before = Samples.special(ROWS * n, 2);
      Area x = Area.matrix(1, ROWS, n, n + 3).set(Samples.special(ROWS * n, n));
      Area y = Area.matrix(5, ROWS, n, n + 2).set(before);
      kernels.addRows(x.input(), x.offset, x.stride, y.segment, y.offset, y.stride, ROWS, n);
      y.checkGuards();
      for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < n; j++) {
          Bounds.checkBits("n " + n + " at " + j, y.get(i, j), before[i * n + j] + x.get(i, j));
        }
      }
    }
  }

  /** Any bits are two bfloat16, a signalling NaN among them; widened they keep theirs. */
  @Test
  void widens() {
    int n = kernels.blocking().tileColumns();
    Area x = Area.matrix(1, ROWS, n, n).set(Samples.special(ROWS * n, n));
    Area y = Area.matrix(5, 2 * ROWS, n, n);
    kernels.widen(x.input(), x.offset, y.segment, y.offset, ROWS);
    y.checkGuards();
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < n; j++) {
        int bits = Float.floatToRawIntBits(x.get(i, j));
        Bounds.checkBits("lower", y.get(2 * i, j), Float.intBitsToFloat(bits << 16));
        Bounds.checkBits("upper", y.get(2 * i + 1, j), Float.intBitsToFloat(bits & 0xffff0000));
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
