package io.vitj.nn;

import io.vitj.tensor.Tensor;

/**
 * Layer normalisation over the last axis (Ba, Kiros and Hinton, 2016): y = γ ⊙ (x − mean(x)) /
 * √(var(x) + ε) + β, with the biased variance.
 *
 * @param gamma γ (D), F32
 * @param beta β (D), F32
 * @param epsilon ε, positive
 */
public record LayerNorm(Tensor gamma, Tensor beta, float epsilon) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException if γ and β are no vectors of one length, or ε is not positive
   */
  public LayerNorm {
    if (gamma.shape().rank() != 1 || !gamma.shape().equals(beta.shape())) {
      throw new IllegalArgumentException(
          "gamma "
              + gamma.shape()
              + " and beta "
              + beta.shape()
              + " must be vectors of one length");
    }
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("epsilon must be positive, not " + epsilon);
    }
  }

  /**
   * Normalises every row.
   *
   * @param context what it runs on
   * @param x (…, D)
   * @param y (…, D); may be x
   * @throws IllegalArgumentException if a shape does not fit
   */
  public void forward(ExecutionContext context, Tensor x, Tensor y) {
    context.ops().layerNorm(x, gamma, beta, epsilon, y);
  }
}
