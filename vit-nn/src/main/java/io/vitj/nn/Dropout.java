package io.vitj.nn;

import io.vitj.tensor.Tensor;

/**
 * Dropout (Srivastava et al., 2014). While training it zeroes each element with this probability
 * and divides the others by 1 − probability, so that the expectation is x. At inference, which is
 * all this engine does, it is the identity.
 *
 * @param probability the probability of zeroing, in [0, 1)
 */
public record Dropout(float probability) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException if the probability is not in [0, 1)
   */
  public Dropout {
    if (!(probability >= 0 && probability < 1)) {
      throw new IllegalArgumentException("dropout must be in [0, 1), not " + probability);
    }
  }

  /**
   * Returns its input.
   *
   * @param x any tensor
   * @return x itself
   */
  public Tensor forward(Tensor x) {
    return x;
  }
}
