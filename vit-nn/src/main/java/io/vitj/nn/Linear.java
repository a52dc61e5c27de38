package io.vitj.nn;

import io.vitj.tensor.DType;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.Activation;
import io.vitj.tensor.kernel.PackedMatrix;
import java.lang.foreign.Arena;

/** An affine map of the last axis: y = x·Wᵀ + b with W (out, in) and b (out), or without b. */
public final class Linear {
  private final PackedMatrix weight;

  /**
   * Packs the weights; the sources may be released afterwards.
   *
   * @param arena the owner of the packed weights
   * @param weight W (out, in), any dtype
   * @param biasOrNull b (out), any dtype; null for none
   * @throws IllegalArgumentException if W is no matrix or b does not have W's rows
   */
  public Linear(Arena arena, Tensor weight, Tensor biasOrNull) {
    this(arena, weight, biasOrNull, DType.F32);
  }

  /**
   * Packs the weights; the sources may be released afterwards.
   *
   * @param arena the owner of the packed weights
   * @param weight W (out, in), any dtype
   * @param biasOrNull b (out), any dtype; null for none
   * @param dtype how W is stored, F32 or BF16: it computes in F32 either way
   * @throws IllegalArgumentException if W is no matrix or b does not have W's rows
   */
  public Linear(Arena arena, Tensor weight, Tensor biasOrNull, DType dtype) {
    this(PackedMatrix.pack(arena, weight, biasOrNull, dtype));
  }

  /**
   * Takes packed weights.
   *
   * @param packed W and b
   */
  public Linear(PackedMatrix packed) {
    this.weight = packed;
  }

  /**
   * Returns the packed weights.
   *
   * @return W and b
   */
  public PackedMatrix packed() {
    return weight;
  }

  /**
   * Returns the width of x.
   *
   * @return the columns of W
   */
  public int inputs() {
    return weight.inputs();
  }

  /**
   * Returns the width of y.
   *
   * @return the rows of W
   */
  public int outputs() {
    return weight.outputs();
  }

  /**
   * Computes y = x·Wᵀ + b.
   *
   * @param context what it runs on
   * @param x (…, in)
   * @param y (…, out); must not overlap x
   * @throws IllegalArgumentException if a shape does not fit
   */
  public void forward(ExecutionContext context, Tensor x, Tensor y) {
    forward(context, x, y, Activation.NONE);
  }

  /**
   * Computes y = f(x·Wᵀ + b), with f applied as the product is stored.
   *
   * @param context what it runs on
   * @param x (…, in)
   * @param y (…, out); must not overlap x
   * @param f the activation
   * @throws IllegalArgumentException if a shape does not fit
   */
  public void forward(ExecutionContext context, Tensor x, Tensor y, Activation f) {
    context.ops().linear(x, weight, y, f);
  }

  /**
   * Computes y ← y + x·Wᵀ + b: a residual branch, added as the product is stored.
   *
   * @param context what it runs on
   * @param x (…, in)
   * @param y (…, out); must not overlap x
   * @throws IllegalArgumentException if a shape does not fit
   */
  public void addTo(ExecutionContext context, Tensor x, Tensor y) {
    context.ops().linearAdd(x, weight, y);
  }
}
