package io.vitj.tensor.kernel;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Softmax of scaled rows and columns against its definition in double precision. */
@OnProcessorWidth
class SoftmaxConformanceTest {
  private static final float[] SCALES = {1, 0.125f, 1 / 3f, 20};

  private final Kernels kernels = KernelProvider.kernels();
  private final int[] sizes = Samples.sizes(kernels.blocking().lanes());

  @Test
  void meetsTheErrorBound() {
    for (int n : sizes) {
      for (float scale : SCALES) {
        checkRow(Samples.normal(n, n), scale);
        checkRow(Samples.wide(n, n), scale);
      }
    }
  }

  @Test
  void overflowsNowhere() {
    for (int n : sizes) {
      float[] values = Samples.normal(n, n);
      for (int i = 0; i < n; i++) {
        values[i] = Math.copySign(Float.MAX_VALUE, values[i]);
      }
      checkRow(values, 1);
    }
  }

  @Test
  void weighsMinusInfinityByZero() {
    for (int n : sizes) {
      float[] values = Samples.normal(n, n);
      for (int i = 1; i < n; i += 2) {
        values[i] = Float.NEGATIVE_INFINITY;
      }
      checkRow(values, 1);
    }
  }

  @Test
  void aRowWithNaNOrAnInfiniteMaximumBecomesNaN() {
    for (int n : sizes) {
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
        for (int at : new int[] {0, n / 2, n - 1}) {
          float[] values = Samples.normal(n, n);
          values[at] = bad;
          checkNaN(values);
        }
      }
      float[] values = new float[n];
      Arrays.fill(values, Float.NEGATIVE_INFINITY);
      checkNaN(values);
    }
  }

  @Test
  void columnsMeetTheErrorBoundWhateverTheirNeighbours() {
    int lanes = kernels.blocking().lanes();
    for (int rows : sizes) {
      for (int columns : new int[] {3 * lanes, 4 * lanes}) {
        float[] values = Samples.wide(rows * columns, rows);
        values[(rows - 1) * columns] = Float.NaN;
        values[1] = Float.POSITIVE_INFINITY;
        for (int i = 1; i < rows; i += 2) {
          values[i * columns + 2] = Float.NEGATIVE_INFINITY;
        }
        checkColumns(values, rows, columns);
      }
    }
  }

  private void checkColumns(float[] values, int rows, int columns) {
    float scale = 1 / 3f;
    Area x = Area.matrix(2, rows, columns, columns + 5).set(values);
    kernels.softmaxColumns(x.segment, x.offset, x.stride, scale, rows, columns);
    x.checkGuards();
    for (int j = 0; j < columns; j++) {
      float[] before = new float[rows];
      float[] after = new float[rows];
      for (int i = 0; i < rows; i++) {
        before[i] = values[i * columns + j];
        after[i] = x.get(i, j);
      }
      String what = rows + " rows, column " + j;
      if (j < 2) {
        for (float y : after) {
          Bounds.checkBits(what, y, Float.NaN);
        }
      } else {
        Reference.checkSoftmax(what, before, scale, after);
      }
    }
  }

  private void checkRow(float[] values, float scale) {
    Area x = run(values, scale);
    Reference.checkSoftmax("n " + values.length, values, scale, x.row(0));
  }

  private void checkNaN(float[] values) {
    Area x = run(values, 1);
    for (int i = 0; i < values.length; i++) {
      Bounds.checkBits("n " + values.length + " at " + i, x.get(0, i), Float.NaN);
    }
  }

  private Area run(float[] values, float scale) {
    Area x = Area.vector(1, values);
    kernels.softmax(x.segment, x.offset, scale, values.length);
    x.checkGuards();
    return x;
  }
}
