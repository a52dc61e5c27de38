package io.vitj.nn;

import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.Activation;

/**
 * A dense layer on pooled vectors, y = f(x·Wᵀ + b): the classifier, with f the identity, and the
 * pooler of the Hugging Face models, with f = tanh.
 *
 * @param linear D to the classes, or to the width of the embedding
 * @param activation f
 */
public record Head(Linear linear, Activation activation) {
  /**
   * Applies the layer.
   *
   * @param context what it runs on
   * @param x (B, D)
   * @param y (B, outputs); must not overlap x
   */
  public void forward(ExecutionContext context, Tensor x, Tensor y) {
    linear.forward(context, x, y, activation);
  }
}
