package io.vitj.nn;

import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.Activation;

/** The feed-forward layer of a block: f(x·W₁ᵀ + b₁)·W₂ᵀ + b₂, with f usually GELU. */
public final class Mlp {
  private final Linear fc1;
  private final Linear fc2;
  private final Activation activation;

  /**
   * Joins its layers.
   *
   * @param fc1 D to M
   * @param fc2 M to D
   * @param activation f
   * @throws IllegalArgumentException if the widths do not fit
   */
  public Mlp(Linear fc1, Linear fc2, Activation activation) {
    if (fc1.outputs() != fc2.inputs()) {
      throw new IllegalArgumentException(
          "fc1 makes " + fc1.outputs() + " columns, but fc2 takes " + fc2.inputs());
    }
    this.fc1 = fc1;
    this.fc2 = fc2;
    this.activation = activation;
  }

  /**
   * Computes y ← y + MLP(x).
   *
   * @param context what it runs on
   * @param x (B, T, D)
   * @param y (B, T, D), the residual stream; must not be x
   */
  public void addTo(ExecutionContext context, Tensor x, Tensor y) {
    Tensor hidden = context.hidden();
    fc1.forward(context, x, hidden, activation); // (B, T, M)
    fc2.addTo(context, hidden, y); // (B, T, D)
  }
}
