package io.vitj.model.onnx;

import io.vitj.model.ViTConfig;
import java.util.List;

/** The blocks of an encoder as a graph. Shapes: T tokens, D width, M hidden width of the MLP. */
final class OnnxBlock {
  private final ViTConfig config;
  private final OnnxWeights weights;
  private final OnnxAttention attention;

  /**
   * Prepares the blocks.
   *
   * @param config the architecture at the input size of the graph
   * @param weights its parameters
   * @param attention the attention of all blocks
   */
  OnnxBlock(ViTConfig config, OnnxWeights weights, OnnxAttention attention) {
    this.config = config;
    this.weights = weights;
    this.attention = attention;
  }

  /**
   * Adds a block: y = x + MSA(LN(x)), and y + MLP(LN(y)).
   *
   * @param model where to add it
   * @param index its index
   * @param x (B, T, D)
   * @return (B, T, D)
   */
  String forward(Scope model, int index, String x) {
    String name = "blocks." + index + '.';
    Scope scope = model.in("blocks." + index);
    String normed = norm(scope, name + "norm1", x);
    String attended = attention.forward(scope.in("attn"), name + "attn.", normed);
    String y = scope.add(x, layerScale(scope, name + "ls1.gamma", attended));
    String fed = mlp(scope.in("mlp"), name + "mlp.", norm(scope, name + "norm2", y));
    return scope.add(y, layerScale(scope, name + "ls2.gamma", fed));
  }

  private String norm(Scope scope, String name, String x) {
    return weights.norm(scope, name, x, config.layerNormEps());
  }

  private String layerScale(Scope scope, String gamma, String x) {
    return config.layerScale() ? scope.mul(x, weights.stored(gamma)) : x;
  }

  private String mlp(Scope scope, String name, String x) {
    String hidden = // (B, T, M)
        switch (config.mlpKind()) {
          case PLAIN -> activated(scope, weights.linear(scope, name + "fc1", x));
          case SWIGLU -> {
            long width = config.mlpHidden();
            String joint = weights.linear(scope, name + "fc1", x); // (B, T, 2·M)
            List<String> parts = scope.split(joint, width, width);
            yield gated(scope, parts.get(0), parts.get(1));
          }
          case SWIGLU_APART ->
              gated(
                  scope,
                  weights.linear(scope, name + "fc1_g", x),
                  weights.linear(scope, name + "fc1_x", x));
        };
    if (config.mlpNorm()) {
      hidden = norm(scope, name + "norm", hidden);
    }
    return weights.linear(scope, name + "fc2", hidden); // (B, T, D)
  }

  private String activated(Scope scope, String x) {
    return OnnxActivation.apply(scope, config.activation(), x);
  }

  private static String gated(Scope scope, String gates, String values) {
    return scope.mul(scope.mul(gates, scope.op("Sigmoid", gates)), values);
  }

  /**
   * Adds the pooling by attention from a probe: y = a + MLP(LN(a)).
   *
   * @param model where to add it
   * @param x (B, T, D)
   * @return (B, D)
   */
  String attentionPooling(Scope model, String x) {
    String name = "attn_pool.";
    Scope scope = model.in("attn_pool");
    String y = attention.ofProbe(scope, name, x); // (B, D)
    String hidden = weights.linear(scope, name + "mlp.fc1", norm(scope, name + "norm", y));
    return scope.add(y, weights.linear(scope, name + "mlp.fc2", activated(scope, hidden)));
  }
}
