package io.vitj.nn;

import io.vitj.tensor.Tensor;

/**
 * Stochastic depth (Huang et al., 2016). While training it drops the whole residual branch of an
 * image with this probability and divides the others by 1 − probability. At inference, which is all
 * this engine does, it is the identity; that is why {@link EncoderBlock} can add its branches in
 * the epilogue of their last matrix product.
 *
 * @param probability the probability of dropping a branch, in [0, 1)
 */
public record DropPath(float probability) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException if the probability is not in [0, 1)
   */
  public DropPath {
    if (!(probability >= 0 && probability < 1)) {
      throw new IllegalArgumentException("drop path must be in [0, 1), not " + probability);
    }
  }

  /**
   * Returns its input.
   *
   * @param branch the output of a residual branch
   * @return the branch itself
   */
  public Tensor forward(Tensor branch) {
    return branch;
  }
}
