/** Transformer layers: Linear, LayerNorm, Attention, Mlp, EncoderBlock. */
module io.vitj.nn {
  requires transitive io.vitj.tensor;
}
