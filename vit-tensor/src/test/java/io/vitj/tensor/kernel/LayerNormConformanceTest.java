package io.vitj.tensor.kernel;

import org.junit.jupiter.api.Test;

/** Layer norm of a row against its definition in double precision. */
@OnProcessorWidth
class LayerNormConformanceTest {
  private final Kernels kernels = KernelProvider.kernels();
  private final int[] sizes = Samples.sizes(kernels.blocking().lanes());

  @Test
  void meetsTheErrorBound() {
    for (int n : sizes) {
      checkRow(Samples.normal(n, n), 1e-6f);
      checkRow(Samples.wide(n, n), 1e-12f);
    }
  }

  @Test
  void centresRowsFarFromZero() {
    for (int n : sizes) {
      checkRow(affine(Samples.normal(n, n), 1, 1000), 1e-5f);
      checkRow(affine(Samples.normal(n, n), 0, 3.3f), 1e-6f);
    }
  }

  @Test
  void takesTinyAndHugeRows() {
    for (int n : sizes) {
      checkRow(affine(Samples.normal(n, n), Float.MIN_VALUE * 100, 0), 1e-6f);
      checkRow(affine(Samples.normal(n, n), 1e17f, 0), 1e-6f);
    }
  }

  @Test
  void aRowThatIsNotFiniteBecomesNaN() {
    for (int n : sizes) {
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
        for (int at : new int[] {0, n / 2, n - 1}) {
          float[] values = Samples.normal(n, n);
          values[at] = bad;
          Area y = run(values, Samples.normal(n, 1), Samples.normal(n, 2), 1e-6f, false);
          for (int i = 0; i < n; i++) {
            Bounds.checkBits(bad + " at " + at + " of " + n, y.get(0, i), Float.NaN);
          }
        }
      }
    }
  }

  private static float[] affine(float[] values, float factor, float shift) {
    for (int i = 0; i < values.length; i++) {
      values[i] = values[i] * factor + shift;
    }
    return values;
  }

  private void checkRow(float[] x, float epsilon) {
    float[] gamma = Samples.normal(x.length, 1);
    float[] beta = Samples.normal(x.length, 2);
    for (boolean inPlace : new boolean[] {false, true}) {
      Area y = run(x, gamma, beta, epsilon, inPlace);
      Reference.checkLayerNorm("n " + x.length, x, gamma, beta, epsilon, y.row(0));
    }
  }

  private Area run(float[] values, float[] gamma, float[] beta, float epsilon, boolean inPlace) {
    int n = values.length;
    Area x = Area.vector(1, values);
    Area g = Area.vector(2, gamma);
    Area b = Area.vector(3, beta);
    Area y = inPlace ? x : Area.matrix(5, 1, n, n);
    kernels.layerNorm(
        x.segment, x.offset, g.segment, g.offset, b.segment, b.offset, epsilon, y.segment, y.offset,
        n);
    y.checkGuards();
    return y;
  }
}
