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
  TANH
}
