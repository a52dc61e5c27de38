package io.vitj.tensor.kernel;

/**
 * Element-wise activation functions, with Φ the standard normal distribution function and σ the
 * logistic function.
 */
public enum Activation {
  /** x. */
  NONE,
  /** x · Φ(x) = x/2 · (1 + erf(x/√2)): GELU as defined (Hendrycks and Gimpel, 2016). */
  GELU_ERF,
  /** x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))): the tanh form of GELU, of the same paper. */
  GELU_TANH,
  /** x · σ(1.702 x): the sigmoid form of GELU, of the same paper, used by OpenAI's CLIP. */
  QUICK_GELU,
  /** x · σ(x) (Elfwing, Uchibe and Doya, 2018). */
  SILU,
  /** max(x, 0), NaN kept. */
  RELU,
  /** tanh(x). */
  TANH;

  private static final double SQRT_8_OVER_PI = Math.sqrt(8 / Math.PI);

  /**
   * Evaluates the function in double precision: the specification of the kernels. The tanh form of
   * GELU is evaluated as x · σ(2v), which equals x/2 · (1 + tanh(v)) and does not cancel.
   *
   * @param x the argument
   * @return its value; relative error below 1e-12 where it is a normal float
   */
  public double applyAsDouble(double x) {
    return switch (this) {
      case NONE -> x;
      case GELU_ERF -> x * 0.5 * Erf.erfc(-x / Math.sqrt(2));
      case GELU_TANH -> x / (1 + Math.exp(-SQRT_8_OVER_PI * (x + 0.044715 * x * x * x)));
      case QUICK_GELU -> x / (1 + Math.exp(-1.702 * x));
      case SILU -> x / (1 + Math.exp(-x));
      case RELU -> Double.isNaN(x) ? x : Math.max(x, 0);
      case TANH -> Math.tanh(x);
    };
  }
}
