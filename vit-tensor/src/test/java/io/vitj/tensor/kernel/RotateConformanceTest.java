package io.vitj.tensor.kernel;

import org.junit.jupiter.api.Test;

/** Rotation in planes against double precision. */
@OnProcessorWidth
class RotateConformanceTest {
  private static final int VECTORS = 3;

  private final Kernels kernels = KernelProvider.kernels();

  /** Two products and their sum, each rounded: γ(2) of the sum of the products' magnitudes. */
  @Test
  void turnsEveryVectorByTheSameAngles() {
    for (int m : Samples.sizes(kernels.blocking().lanes())) {
      float[] cos = new float[m];
      float[] sin = new float[m];
      Area angles = angles(cos, sin);
      float[] before = Samples.special(VECTORS * 2 * m, m);
      Area x = Area.vector(3, before);
      kernels.rotate(x.segment, x.offset, angles.input(), angles.offset, VECTORS, m);
      x.checkGuards();
      for (int i = 0; i < VECTORS * m; i++) {
        int at = i / m * 2 * m + i % m;
        check(m, x.get(0, at), before[at], cos[i % m], before[at + m], -sin[i % m]);
        check(m, x.get(0, at + m), before[at + m], cos[i % m], before[at], sin[i % m]);
      }
    }
  }

  private static Area angles(float[] cos, float[] sin) {
    int m = cos.length;
    float[] both = new float[2 * m];
    float[] theta = Samples.normal(m, m + 1);
    for (int i = 0; i < m; i++) {
      both[i] = cos[i] = (float) Math.cos(3 * theta[i]);
      both[m + i] = sin[i] = (float) Math.sin(3 * theta[i]);
    }
    return Area.vector(5, both);
  }

  private static void check(int m, float actual, double a, double cos, double b, double sin) {
    double expected = a * cos + b * sin;
    double magnitude = Math.abs(a * cos) + Math.abs(b * sin);
    double bound = Bounds.gamma(2) * magnitude + 2 * Float.MIN_VALUE;
    Bounds.check("%d planes, %s and %s".formatted(m, a, b), actual, (float) expected, bound);
  }
}
