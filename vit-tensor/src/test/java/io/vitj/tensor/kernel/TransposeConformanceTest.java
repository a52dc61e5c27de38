package io.vitj.tensor.kernel;

import org.junit.jupiter.api.Test;

/** Transposition of every bit pattern, of whole blocks and what is left of them. */
@OnProcessorWidth
class TransposeConformanceTest {
  private final Kernels kernels = KernelProvider.kernels();
  private final int[] sizes = Samples.sizes(kernels.blocking().lanes());

  @Test
  void movesEveryElementAndTouchesNothingElse() {
    for (int rows : sizes) {
      for (int columns : sizes) {
        check(rows, columns);
      }
    }
  }

  private void check(int rows, int columns) {
    float[] values = Samples.normal(rows * columns, rows);
    values[0] = Float.intBitsToFloat(0x7fc12345); // a NaN keeps its payload
    Area x = Area.matrix(3, rows, columns, columns + 2).set(values);
    Area y = Area.matrix(1, columns, rows, rows + 4);
    kernels.transpose(x.input(), x.offset, x.stride, y.segment, y.offset, y.stride, rows, columns);
    y.checkGuards();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        String what = rows + " × " + columns + " at " + i + ", " + j;
        Bounds.checkBits(what, y.get(j, i), values[i * columns + j]);
      }
    }
  }
}
