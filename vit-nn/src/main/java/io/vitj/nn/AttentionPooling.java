package io.vitj.nn;

import io.vitj.tensor.Tensor;

/**
 * Pooling by attention from a learned query, the probe (Zhai et al., 2022, "Scaling Vision
 * Transformers", the MAP head): y = a + MLP(LN(a)) with a the attention of the probe to all tokens.
 * The probe is the same for every image, so its query is a parameter.
 */
public final class AttentionPooling implements Pooling {
  private final Tensor query;
  private final Linear kv;
  private final Linear projection;
  private final LayerNorm norm;
  private final Mlp mlp;
  private final int heads;
  private final float scale;

  /**
   * Joins its layers.
   *
   * @param query (1, D), the query of the probe, heads side by side
   * @param kv D to 2·D: the keys of all heads, then the values
   * @param projection D to D
   * @param norm the norm before the MLP
   * @param mlp the MLP, without gates
   * @param heads the number of heads H; it divides D
   * @throws IllegalArgumentException if the widths do not fit
   */
  public AttentionPooling(
      Tensor query, Linear kv, Linear projection, LayerNorm norm, Mlp mlp, int heads) {
    int width = projection.inputs(); // D
    if (kv.outputs() != 2 * width || query.shape().dim(-1) != width) {
      throw new IllegalArgumentException(
          "keys and values of width %d and a query %s do not fit the width %d"
              .formatted(kv.outputs(), query.shape(), width));
    }
    if (heads < 1 || width % heads != 0) {
      throw new IllegalArgumentException(
          "width " + width + " is no multiple of " + heads + " heads");
    }
    this.query = query;
    this.kv = kv;
    this.projection = projection;
    this.norm = norm;
    this.mlp = mlp;
    this.heads = heads;
    int headWidth = width / heads; // dh
    this.scale = (float) (1 / Math.sqrt(headWidth));
  }

  @Override
  public void forward(ExecutionContext context, Tensor x, Tensor y) {
    ExecutionContext pooling = context.pooling();
    Tensor joint = pooling.qkv();
    Tensor attended = pooling.attended();
    kv.forward(pooling, x, joint); // (B, T, 2·D)
    Tensor seen = pooling.probabilities();
    pooling.ops().attentionOfSharedQueries(query, joint, heads, scale, attended, seen); // (B, 1, D)
    context.observePooling();
    projection.forward(pooling, attended, y); // (B, D)
    norm.forward(pooling, y, pooling.normed()); // (B, D)
    mlp.addTo(pooling, pooling.normed(), y); // (B, D)
  }
}
