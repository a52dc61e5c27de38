package io.vitj.tensor.kernel;

/**
 * The error function and its complement in double precision, for the scalar specification.
 *
 * <p>Near zero the Maclaurin series erf(x) = 2/√π · Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n+1)), in the form
 * without cancellation 2/√π · e^(−x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3···(2n+1)); from 1.75 on the continued
 * fraction of Laplace, erfc(x) = e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 3/2/(x + …)))) (DLMF 7.6.2 and
 * 7.9.1). Relative error below 1e-15 for erf, and below 1e-13 for erfc wherever it is a normal
 * number.
 */
final class Erf {
  /**
   * Below it, 1 − erf(x) loses less than a factor 1/erfc(1.75) = 75; above it, 60 terms of the
   * fraction, whose error falls as e^(−2x√(2n)), leave 1e-17.
   */
  private static final double SERIES_LIMIT = 1.75;

  private static final int SERIES_TERMS = 30;
  private static final int FRACTION_TERMS = 60;

  private Erf() {}

  static double erf(double x) {
    return Math.abs(x) < SERIES_LIMIT ? series(x) : Math.copySign(1 - fraction(Math.abs(x)), x);
  }

  static double erfc(double x) {
    return x < SERIES_LIMIT ? 1 - erf(x) : fraction(x);
  }

  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < SERIES_TERMS; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  private static double fraction(double x) {
    if (Double.isInfinite(x)) {
      return 0;
    }
    double tail = x;
    for (int n = FRACTION_TERMS; n > 0; n--) {
      tail = x + n / 2.0 / tail;
    }
    return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail;
  }
}
