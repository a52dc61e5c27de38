package io.vitj.nn;

import io.vitj.tensor.DType;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;

/**
 * LayerScale (Touvron et al., 2021, CaiT): a learned vector γ that scales the columns of a residual
 * branch, y = γ ⊙ x.
 *
 * <p>Each residual branch ends in a {@link Linear}, and γ ⊙ (x·Wᵀ + b) = x·(diag(γ)·W)ᵀ + γ ⊙ b. So
 * the scale is folded into those weights when they are packed and costs nothing afterwards.
 */
public final class LayerScale {
  private final float[] gamma;

  /**
   * Copies the scale.
   *
   * @param gamma γ (D), any dtype
   * @throws IllegalArgumentException if γ is no vector
   */
  public LayerScale(Tensor gamma) {
    if (gamma.shape().rank() != 1) {
      throw new IllegalArgumentException("gamma must be a vector, not " + gamma.shape());
    }
    this.gamma = gamma.toFloats();
  }

  /**
   * Makes the linear layer followed by this scale, as one linear layer.
   *
   * @param arena the owner of the packed weights
   * @param weight W (D, in), any dtype
   * @param bias b (D), any dtype
   * @param dtype how γ ⊙ W is stored, F32 or BF16
   * @return the layer y = γ ⊙ (x·Wᵀ + b)
   * @throws IllegalArgumentException if γ, W and b do not have one number of rows
   */
  public Linear fold(Arena arena, Tensor weight, Tensor bias, DType dtype) {
    try (Arena scaled = Arena.ofConfined()) {
      return new Linear(arena, scaleRows(scaled, weight), scaleRows(scaled, bias), dtype);
    }
  }

  private Tensor scaleRows(Arena arena, Tensor source) {
    Shape shape = source.shape();
    if (shape.dim(0) != gamma.length) {
      throw new IllegalArgumentException(
          "gamma scales " + gamma.length + " rows, but the weight is " + shape);
    }
    float[] values = source.toFloats();
    int row = values.length / gamma.length;
    for (int i = 0; i < values.length; i++) {
      values[i] *= gamma[i / row];
    }
    return Tensor.of(arena, shape, values);
  }
}
