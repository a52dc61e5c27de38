package io.vitj.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

/** Every 97th float, NaNs and infinities included, against functions of double precision. */
class VectorMathTest {
  private static final int STRIDE = 97;
  private static final int TASKS = 64;

  @Test
  void exp() {
    check(
        VectorMath::exp,
        x -> x < -87.33654f ? 0 : x > 88.72283f ? Double.POSITIVE_INFINITY : Math.exp(x),
        Bounds.EXP_ULP);
  }

  @Test
  void erf() {
    check(VectorMath::erf, VectorMathTest::preciseErf, Bounds.ERF_ULP);
  }

  /** For most floats the function is trivial and {@link Erf} slow: erfc(6) &lt; 2⁻⁵⁴. */
  private static double preciseErf(double x) {
    if (Math.abs(x) < 1e-9) {
      return 2 / Math.sqrt(Math.PI) * x;
    }
    return Math.abs(x) < 6 || Double.isNaN(x) ? Erf.erf(x) : Math.signum(x);
  }

  @Test
  void tanh() {
    check(VectorMath::tanh, Math::tanh, Bounds.TANH_ULP);
  }

  @Test
  void sigmoid() {
    // Below, the result is a denormal or 0.
    float least = -87.33654f;
    check(
        x -> VectorMath.sigmoid(x.max(least)),
        x -> 1 / (1 + Math.exp(-Math.max(x, least))),
        Bounds.SIGMOID_ULP);
    for (float x : new float[] {-87.34f, -88.72283f, -100, Float.NEGATIVE_INFINITY}) {
      assertThat(VectorMath.sigmoid(Lanes.broadcast(x)).lane(0)).isBetween(0f, Float.MIN_NORMAL);
    }
  }

  private record Deviation(float x, float actual, double expected, double ulp) {}

  private static void check(
      UnaryOperator<FloatVector> function, DoubleUnaryOperator reference, double bound) {
    Deviation worst =
        IntStream.range(0, TASKS)
            .parallel()
            .mapToObj(task -> worst(function, reference, task))
            .max(Comparator.comparingDouble(Deviation::ulp))
            .orElseThrow();
    assertThat(worst.ulp).as(worst.toString()).isLessThanOrEqualTo(bound);
  }

  private static Deviation worst(
      UnaryOperator<FloatVector> function, DoubleUnaryOperator reference, int task) {
    Deviation worst = new Deviation(0, 0, 0, 0);
    float[] x = new float[Lanes.COUNT];
    float[] y = new float[Lanes.COUNT];
    long end = (task + 1L << 32) / TASKS;
    for (long bits = ((long) task << 32) / TASKS; bits < end; bits += (long) Lanes.COUNT * STRIDE) {
      for (int i = 0; i < x.length; i++) {
        x[i] = Float.intBitsToFloat((int) (bits + (long) i * STRIDE));
      }
      function.apply(FloatVector.fromArray(Lanes.SPECIES, x, 0)).intoArray(y, 0);
      for (int i = 0; i < x.length; i++) {
        double expected = reference.applyAsDouble(x[i]);
        double ulp = error(y[i], expected);
        if (ulp > worst.ulp) {
          worst = new Deviation(x[i], y[i], expected, ulp);
        }
      }
    }
    return worst;
  }

  /** In ulp; infinite where NaN or an infinity is missed. */
  private static double error(float actual, double expected) {
    if (Double.isNaN(expected) || Double.isInfinite(expected)) {
      return Double.compare(actual, expected) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    int exponent = Math.max(Math.getExponent(expected), Float.MIN_EXPONENT);
    double error = Math.abs(actual - expected) / Math.scalb(1.0, exponent - 23);
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }
}
