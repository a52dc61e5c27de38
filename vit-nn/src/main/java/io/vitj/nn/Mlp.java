package io.vitj.nn;

import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.Activation;

/**
 * The feed-forward layer of a block: f(x·W₁ᵀ + b₁)·W₂ᵀ + b₂, with f usually GELU, or with gates
 * (Shazeer, 2020, SwiGLU): (SiLU(x·Wgᵀ + bg) ⊙ (x·Wvᵀ + bv))·W₂ᵀ + b₂. Some models normalise what
 * W₂ is multiplied with.
 */
public final class Mlp {
  private final Linear fc1;
  private final LayerNorm norm;
  private final Linear fc2;
  private final Activation activation;

  private Mlp(Linear fc1, LayerNorm norm, Linear fc2, Activation activation) {
    this.fc1 = fc1;
    this.norm = norm;
    this.fc2 = fc2;
    this.activation = activation;
  }

  /**
   * Joins the layers of a plain MLP.
   *
   * @param fc1 D to M
   * @param normOrNull the norm of M values; null for none
   * @param fc2 M to D
   * @param activation f
   * @return the layer
   * @throws IllegalArgumentException if the widths do not fit
   */
  public static Mlp plain(Linear fc1, LayerNorm normOrNull, Linear fc2, Activation activation) {
    requireMeeting(fc1, fc2, 1);
    return new Mlp(fc1, normOrNull, fc2, activation);
  }

  /**
   * Joins the layers of a gated MLP.
   *
   * @param fc1 D to 2·M: the rows of the gates, then those of the values
   * @param normOrNull the norm of M values; null for none
   * @param fc2 M to D
   * @return the layer, which needs a context with gates
   * @throws IllegalArgumentException if the widths do not fit
   */
  public static Mlp swiGlu(Linear fc1, LayerNorm normOrNull, Linear fc2) {
    requireMeeting(fc1, fc2, 2);
    return new Mlp(fc1, normOrNull, fc2, null);
  }

  private static void requireMeeting(Linear fc1, Linear fc2, int parts) {
    if (fc1.outputs() != parts * fc2.inputs()) {
      throw new IllegalArgumentException(
          "fc1 makes %d columns, but fc2 takes %s%d"
              .formatted(fc1.outputs(), parts == 1 ? "" : parts + " · ", fc2.inputs()));
    }
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
    if (activation == null) {
      fc1.forward(context, x, context.gated()); // (B, T, 2·M)
      context.ops().swiGlu(context.gated(), hidden); // (B, T, M)
    } else {
      fc1.forward(context, x, hidden, activation); // (B, T, M)
    }
    if (norm != null) {
      norm.forward(context, hidden, hidden); // (B, T, M)
    }
    fc2.addTo(context, hidden, y); // (B, T, D)
  }
}
