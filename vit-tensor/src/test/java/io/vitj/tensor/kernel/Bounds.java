package io.vitj.tensor.kernel;

/**
 * Error bounds of float arithmetic (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd
 * edition, 2002, chapters 2 to 4) and comparisons within them.
 */
public final class Bounds {
  /** Unit roundoff u: an operation whose result is a normal number has relative error ≤ u. */
  public static final double U = 0x1p-24;

  /** The smallest normal number: below it errors are absolute, and exp is flushed to zero. */
  public static final double TINY = Float.MIN_NORMAL;

  /** Bounds of {@link VectorMath} in ulp; the scalar kernels round doubles and keep them too. */
  static final double EXP_ULP = 1.051;

  /** Of {@link VectorMath#normalTail}: see there. */
  static final double TAIL = 2.5;

  static final double TANH_ULP = 1.512;
  static final double SIGMOID_ULP = 2.402;

  private Bounds() {}

  /**
   * Bounds the relative error of k roundings in a row: γₖ = k·u / (1 − k·u).
   *
   * @param k the roundings
   * @return γₖ
   */
  public static double gamma(double k) {
    return k * U / (1 - k * U);
  }

  /**
   * Counts the roundings that an addend of a row sum goes through in the active kernels: the
   * additions of its lane, those of lanes to each other, and that of the rest of the row.
   *
   * @param n the length of the row
   * @return the roundings
   */
  public static int sumDepth(int n) {
    int lanes = KernelProvider.kernels().blocking().lanes();
    return n / lanes + lanes + 1;
  }

  /**
   * Bounds the error of an activation function of an exactly known argument.
   *
   * <p>GELU_ERF, x·Φ(−|x|) for negative x and else x·(1 − Φ(−|x|)): the error of the tail, a
   * rounding of the difference, which is below 1, and one of the product.
   *
   * <p>x·σ(z): a relative error e of z becomes |z|·(1 − σ(z))·e of σ; e is 2u (constant, product),
   * for the tanh form 6u (x², two for the cubic term, ·x, two for the factor). σ itself has
   * SIGMOID_ULP·2u, since ulp(v) ≤ 2u·v, the product u. Where σ is no normal number it may be 0.
   *
   * @param function the function
   * @param x the argument
   * @return the largest difference from {@link Activation#applyAsDouble}
   */
  public static double activation(Activation function, double x) {
    double y = Math.abs(function.applyAsDouble(x));
    double bound =
        switch (function) {
          case NONE, RELU -> 0;
          case TANH -> TANH_ULP * Math.ulp((float) y);
          case GELU_ERF ->
              Math.abs(x) * (normalTail(Erf.erfc(Math.abs(x) / Math.sqrt(2)) / 2) + (x > 0 ? U : 0))
                  + y * U;
          case GELU_TANH ->
              logistic(Math.sqrt(8 / Math.PI) * (x + 0.044715 * x * x * x), 6, y)
                  + Math.abs(x) * TINY;
          case QUICK_GELU -> logistic(1.702 * x, 2, y) + Math.abs(x) * TINY;
          case SILU -> logistic(x, 0, y) + Math.abs(x) * TINY;
        };
    // Errors of second order, and of a result that is a denormal.
    return bound * 1.001 + Float.MIN_VALUE;
  }

  /** Bounds the error of {@link VectorMath#normalTail} by its result. */
  static double normalTail(double tail) {
    double roundings = tail == 0 ? 0 : TAIL * (1 - Math.log(tail));
    return roundings * U * tail + 2e-11;
  }

  private static double logistic(double z, double roundings, double y) {
    double slope = Math.abs(z) / (1 + Math.exp(z));
    return y * U * (2 * SIGMOID_ULP + slope * roundings + 1);
  }

  /**
   * Checks a result against a reference.
   *
   * @param what names it
   * @param actual the result
   * @param expected the reference: NaN and infinities must be met exactly
   * @param bound the largest difference
   */
  public static void check(String what, float actual, double expected, double bound) {
    boolean same =
        Double.isFinite(expected)
            ? Math.abs(actual - expected) <= bound
            : Double.compare(actual, expected) == 0;
    if (!same) {
      throw new AssertionError(
          "%s: %s is %.3g from %s, more than %.3g"
              .formatted(what, actual, Math.abs(actual - expected), expected, bound));
    }
  }

  /**
   * Checks that two results have the same bits; one NaN is as good as another.
   *
   * @param what names them
   * @param actual the result
   * @param expected what it must be
   */
  public static void checkBits(String what, float actual, float expected) {
    if (Float.floatToIntBits(actual) != Float.floatToIntBits(expected)) {
      throw new AssertionError(
          "%s: %s (%a) is not %s (%a)".formatted(what, actual, actual, expected, expected));
    }
  }
}
