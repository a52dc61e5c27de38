package io.vitj.model.onnx;

import io.vitj.model.Rotary;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfig.QkvBias;
import io.vitj.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Attention as a graph: of the tokens of an image to each other, and of the probe that pools them.
 * Shapes: N patches, P prefix tokens, T tokens, D width, H heads of width dh.
 */
final class OnnxAttention {
  private final ViTConfig config;
  private final OnnxWeights weights;
  private final float scale;

  /**
   * Prepares the attention of all blocks.
   *
   * @param config the architecture at the input size of the graph
   * @param weights its parameters
   */
  OnnxAttention(ViTConfig config, OnnxWeights weights) {
    this.config = config;
    this.weights = weights;
    this.scale = (float) (1 / Math.sqrt(config.headWidth()));
  }

  /**
   * Adds the attention of a block.
   *
   * @param scope where to add it
   * @param name the prefix of its parameters
   * @param x (B, T, D)
   * @return (B, T, D)
   */
  String forward(Scope scope, String name, String x) {
    long width = config.width();
    String joint = scope.matMul(x, weights.transposed(name + "qkv.weight")); // (B, T, 3·D)
    if (config.qkvBias() != QkvBias.NONE) {
      joint = scope.add(weights.qkvBias(name), joint);
    }
    List<String> qkv = scope.split(joint, width, width, width);
    String q = heads(scope, config.tokens(), qkv.get(0)); // (B, T, H, dh)
    String k = heads(scope, config.tokens(), qkv.get(1));
    String v = heads(scope, config.tokens(), qkv.get(2));
    q = scope.transpose(q, 0, 2, 1, 3); // (B, H, T, dh)
    if (config.rotary() == null) {
      k = scope.transpose(k, 0, 2, 3, 1); // (B, H, dh, T)
    } else {
      q = rotated(scope, q);
      k = scope.transpose(rotated(scope, scope.transpose(k, 0, 2, 1, 3)), 0, 1, 3, 2);
    }
    String scores = scope.matMul(scope.mul(q, scale), k); // (B, H, T, T)
    if (config.relativePositions() != null) {
      scores = scope.add(scores, relativePositions(scope, name));
    }
    String joined = attend(scope, scores, v, 0, config.tokens(), width); // (B, T, D)
    if (config.attentionNorm()) {
      joined = weights.norm(scope, name + "norm", joined, config.layerNormEps());
    }
    return weights.linear(scope, name + "proj", joined); // (B, T, D)
  }

  private String heads(Scope scope, int tokens, String x) {
    return scope.reshape(x, 0, tokens, config.heads(), config.headWidth());
  }

  /** Softmax, the weighted sums of values (B, T, H, dh), and the heads side by side. */
  private static String attend(Scope scope, String scores, String values, long... joined) {
    String v = scope.transpose(values, 0, 2, 1, 3); // (B, H, T, dh)
    String attended = scope.matMul(scope.softmax(scores), v);
    return scope.reshape(scope.transpose(attended, 0, 2, 1, 3), joined);
  }

  /**
   * Turns queries or keys (B, H, T, dh): x·cos θ + r(x)·sin θ, with r a quarter turn in each plane,
   * and θ = 0 for prefix tokens.
   */
  private String rotated(Scope scope, String x) {
    String turned = config.rotary().interleaved() ? turnNeighbours(scope, x) : turnHalves(scope, x);
    return scope.add(
        scope.mul(x, angles("rotary.cos", 0, 1)), scope.mul(turned, angles("rotary.sin", 1, 0)));
  }

  private String turnNeighbours(Scope scope, String x) {
    long pairs = config.headWidth() / 2;
    long[] apart = {0, config.heads(), config.tokens(), pairs, 1};
    String even = scope.reshape(scope.slice(x, 3, 0, 2), apart);
    String odd = scope.reshape(scope.slice(x, 3, 1, 2), apart);
    String turned = scope.concat(-1, scope.op("Neg", odd), even); // (B, H, T, dh/2, 2)
    return scope.reshape(turned, 0, config.heads(), config.tokens(), 2 * pairs);
  }

  private String turnHalves(Scope scope, String x) {
    long half = config.headWidth() / 2;
    List<String> halves = scope.split(x, half, half);
    return scope.concat(-1, scope.op("Neg", halves.get(1)), halves.get(0));
  }

  /** Cosines (half 0) or sines (half 1) of all elements: (1, 1, T, dh). */
  private String angles(String name, int half, float ofPrefix) {
    Rotary rotary = config.rotary();
    int head = config.headWidth();
    int planes = head / 2;
    return weights.made(
        name,
        Shape.of(1, 1, config.tokens(), head),
        () -> {
          float[] table = rotary.angles(config.gridHeight(), config.gridWidth(), head);
          float[] all = new float[config.tokens() * head];
          int prefix = config.prefixTokens() * head;
          Arrays.fill(all, 0, prefix, ofPrefix);
          for (int i = prefix; i < all.length; i++) {
            int element = i % head;
            int plane = rotary.interleaved() ? element / 2 : element % planes;
            all[i] = table[i - prefix - element + half * planes + plane];
          }
          return all;
        });
  }

  /** What is added to the scores: the row of the table for each query and key, (1, H, T, T). */
  private String relativePositions(Scope scope, String attention) {
    boolean shared = config.relativePositions().shared();
    String name = (shared ? "rel_pos_bias." : attention) + "relative_position_bias_table";
    int tokens = config.tokens();
    String index =
        scope
            .graph()
            .constant(
                Constant.longs("relative_position_index", Shape.of(tokens, tokens), offsets()));
    String biases = scope.rows(relativePositionTable(name), index); // (T, T, H)
    return scope.reshape(scope.transpose(biases, 2, 0, 1), 1, config.heads(), tokens, tokens);
  }

  private String relativePositionTable(String name) {
    int height = config.gridHeight();
    int width = config.gridWidth();
    int heads = config.heads();
    return weights.made(
        name,
        Shape.of(config.relativePositions().rows(height, width), heads),
        () -> {
          float[] table = weights.values(name);
          int rows = config.positionRows();
          int columns = config.positionColumns();
          return config.relativePositions().resample(table, heads, rows, columns, height, width);
        });
  }

  /**
   * The row of the table for a query and a key; the layout is {@link
   * io.vitj.tensor.RelativePositionBias}'s.
   */
  private long[] offsets() {
    int height = config.gridHeight();
    int width = config.gridWidth();
    int tokens = config.tokens();
    long classPairs = (2L * height - 1) * (2L * width - 1);
    long[] offsets = new long[tokens * tokens];
    Arrays.fill(offsets, 0, tokens, classPairs); // class token and patch
    for (int query = 1; query < tokens; query++) {
      offsets[query * tokens] = classPairs + 1; // patch and class token
      for (int key = 1; key < tokens; key++) {
        int down = (query - 1) / width - (key - 1) / width + height - 1;
        int right = (query - 1) % width - (key - 1) % width + width - 1;
        offsets[query * tokens + key] = down * (2L * width - 1) + right;
      }
    }
    offsets[0] = classPairs + 2; // class token and itself
    return offsets;
  }

  /**
   * Adds the attention of the probe to all tokens.
   *
   * @param scope where to add it
   * @param name the prefix of its parameters
   * @param x (B, T, D)
   * @return (B, D)
   */
  String ofProbe(Scope scope, String name, String x) {
    long width = config.width();
    String probe = weights.linear(scope, name + "q", weights.stored(name + "latent")); // (1, 1, D)
    String q = scope.reshape(probe, 1, config.heads(), 1, config.headWidth());
    List<String> kv = scope.split(weights.linear(scope, name + "kv", x), width, width);
    String k = scope.transpose(heads(scope, config.tokens(), kv.get(0)), 0, 2, 3, 1);
    String v = heads(scope, config.tokens(), kv.get(1)); // (B, T, H, dh)
    String scores = scope.matMul(scope.mul(q, scale), k); // (B, H, 1, T)
    return weights.linear(scope, name + "proj", attend(scope, scores, v, 0, width)); // (B, D)
  }
}
