package io.vitj.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.function.DoubleBinaryOperator;
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
  void expOfNothingPositive() {
    float least = -87.33654f; // below, the result is a denormal or 0
    check(
        x -> VectorMath.exp(x.max(least).min(0f)),
        x -> Math.exp(Math.clamp(x, least, 0)),
        Bounds.EXP_ULP);
    for (float x : new float[] {-87.34f, -88, -100, Float.NEGATIVE_INFINITY}) {
      assertThat(VectorMath.exp(Lanes.broadcast(x)).lane(0)).isBetween(0f, Float.MIN_NORMAL);
    }
    assertThat(VectorMath.exp(Lanes.broadcast(-88.1f)).lane(0)).isZero();
  }

  /** For most floats the function is trivial and {@link Erf} slow: Φ(−13) &lt; 1e-37. */
  @Test
  void normalTail() {
    Deviation worst =
        worst(
            x -> VectorMath.normalTail(x.abs()),
            t -> Math.abs(t) > 13 ? 0 : Erf.erfc(Math.abs(t) / Math.sqrt(2)) / 2,
            (tail, expected) ->
                Double.isNaN(expected)
                    ? Double.isNaN(tail) ? 0 : Double.POSITIVE_INFINITY
                    : Math.abs(tail - expected) / Bounds.normalTail(expected));
    assertThat(worst.error).as(worst.toString()).isLessThanOrEqualTo(1);
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

  private record Deviation(float x, float actual, double expected, double error) {}

  private static void check(
      UnaryOperator<FloatVector> function, DoubleUnaryOperator reference, double bound) {
    Deviation worst = worst(function, reference, VectorMathTest::ulps);
    assertThat(worst.error).as(worst.toString()).isLessThanOrEqualTo(bound);
  }

  private static Deviation worst(
      UnaryOperator<FloatVector> function,
      DoubleUnaryOperator reference,
      DoubleBinaryOperator measure) {
    return IntStream.range(0, TASKS)
        .parallel()
        .mapToObj(task -> worst(function, reference, measure, task))
        .max(Comparator.comparingDouble(Deviation::error))
        .orElseThrow();
  }

  private static Deviation worst(
      UnaryOperator<FloatVector> function,
      DoubleUnaryOperator reference,
      DoubleBinaryOperator measure,
      int task) {
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
        double error = measure.applyAsDouble(y[i], expected);
        if (error > worst.error) {
          worst = new Deviation(x[i], y[i], expected, error);
        }
      }
    }
    return worst;
  }

  /** In ulp; infinite where NaN or an infinity is missed. */
  private static double ulps(double actual, double expected) {
    if (Double.isNaN(expected) || Double.isInfinite(expected)) {
      return Double.compare(actual, expected) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    int exponent = Math.max(Math.getExponent(expected), Float.MIN_EXPONENT);
    double error = Math.abs(actual - expected) / Math.scalb(1.0, exponent - 23);
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }
}
