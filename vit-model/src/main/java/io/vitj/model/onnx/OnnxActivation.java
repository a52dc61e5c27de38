package io.vitj.model.onnx;

import io.vitj.tensor.kernel.Activation;

/**
 * The activation functions in elementary operators, in the arrangement that PyTorch's exporter
 * writes and that ONNX Runtime recognises and fuses (BiasGelu, FastGelu, QuickGelu).
 */
final class OnnxActivation {
  private static final float SQRT_2 = (float) Math.sqrt(2);
  private static final float SQRT_2_OVER_PI = (float) Math.sqrt(2 / Math.PI);

  private OnnxActivation() {}

  /**
   * Applies a function to each element.
   *
   * @param scope where to add the nodes
   * @param function the function
   * @param x the argument
   * @return its value
   */
  static String apply(Scope scope, Activation function, String x) {
    return switch (function) {
      case NONE -> x;
      case GELU_ERF -> gelu(scope, x);
      case GELU_TANH -> tanhGelu(scope, x);
      case QUICK_GELU -> scope.mul(x, scope.op("Sigmoid", scope.mul(x, 1.702f)));
      case SILU -> scope.mul(x, scope.op("Sigmoid", x));
      case RELU -> scope.op("Relu", x);
      case TANH -> scope.op("Tanh", x);
    };
  }

  private static String gelu(Scope scope, String x) {
    String erf = scope.op("Erf", scope.op("Div", x, scope.graph().scalar(SQRT_2)));
    return scope.mul(scope.mul(x, scope.add(erf, scope.graph().scalar(1))), 0.5f);
  }

  private static String tanhGelu(Scope scope, String x) {
    String cube = scope.op("Pow", x, scope.graph().scalar(3));
    String inner = scope.mul(scope.add(x, scope.mul(cube, 0.044715f)), SQRT_2_OVER_PI);
    String cdf = scope.add(scope.op("Tanh", inner), scope.graph().scalar(1));
    return scope.mul(scope.mul(x, 0.5f), cdf);
  }
}
