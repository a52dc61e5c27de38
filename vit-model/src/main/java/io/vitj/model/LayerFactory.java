package io.vitj.model;

import io.vitj.model.ViTConfig.Positions;
import io.vitj.nn.Attention;
import io.vitj.nn.EncoderBlock;
import io.vitj.nn.Head;
import io.vitj.nn.LayerNorm;
import io.vitj.nn.LayerScale;
import io.vitj.nn.Linear;
import io.vitj.nn.Mlp;
import io.vitj.nn.PatchEmbedding;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.Activation;
import java.lang.foreign.Arena;

/**
 * Makes the layers of a model from its weights: canonical names in, packed layers out. Each source
 * is released before the next is read.
 */
final class LayerFactory {
  private final ViTConfig config;
  private final ViTWeights weights;
  private final Arena arena;

  /**
   * @param weights where values come from
   * @param arena the owner of the packed weights
   */
  LayerFactory(ViTWeights weights, Arena arena) {
    this.config = weights.config();
    this.weights = weights;
    this.arena = arena;
  }

  PatchEmbedding patchEmbedding() {
    try (Arena source = Arena.ofConfined()) {
      Tensor kernel = weights.get("patch_embed.proj.weight", source); // (D, C, P, P)
      Tensor bias = config.patchBias() ? weights.get("patch_embed.proj.bias", source) : null;
      return new PatchEmbedding(arena, kernel, bias);
    }
  }

  /**
   * Makes what a sequence holds before its patches are added: prefix tokens and position
   * embeddings, these on the grid that they are stored for.
   *
   * @return (prefix tokens + positions of the grid, D)
   */
  SequenceStart sequenceStart() {
    int prefix = config.prefixTokens();
    int patches = config.positionRows() * config.positionColumns();
    Tensor start = Tensor.allocate(arena, Shape.of(prefix + patches, config.width())); // zeros
    try (Arena source = Arena.ofConfined()) {
      int token = 0;
      if (config.classToken()) {
        start.slice(token++, 1).copyFrom(weights.get("cls_token", source));
      }
      if (config.distillationToken()) {
        start.slice(token++, 1).copyFrom(weights.get("dist_token", source));
      }
      if (config.registerTokens() > 0) {
        start.slice(token, config.registerTokens()).copyFrom(weights.get("reg_token", source));
      }
      if (config.positions() != Positions.NONE) {
        float[] positions = weights.get("pos_embed", source).toFloats();
        int leading = config.positionedPrefixTokens();
        add(positions, 0, start.slice(0, leading));
        add(positions, leading * config.width(), start.slice(prefix, patches));
      }
    }
    return new SequenceStart(config, start);
  }

  private static void add(float[] values, int from, Tensor tokens) {
    float[] sum = tokens.toFloats();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += values[from + i];
    }
    tokens.copyFrom(sum);
  }

  EncoderBlock block(int index) {
    String block = "blocks." + index + '.';
    return new EncoderBlock(
        norm(block + "norm1"),
        new Attention(
            linear(block + "attn.qkv", config.qkvBias()),
            null,
            scaled(block + "attn.proj", block + "ls1.gamma"),
            config.heads()),
        norm(block + "norm2"),
        Mlp.plain(
            linear(block + "mlp.fc1", true),
            null,
            scaled(block + "mlp.fc2", block + "ls2.gamma"),
            config.activation()));
  }

  LayerNorm norm(String name) {
    return new LayerNorm(
        weights.copy(name + ".weight", arena),
        weights.copy(name + ".bias", arena),
        config.layerNormEps());
  }

  Head head(String name, boolean hasBias, Activation activation) {
    return new Head(linear(name, hasBias), activation);
  }

  private Linear linear(String name, boolean hasBias) {
    try (Arena source = Arena.ofConfined()) {
      Tensor bias = hasBias ? weights.get(name + ".bias", source) : null;
      return new Linear(arena, weights.get(name + ".weight", source), bias);
    }
  }

  private Linear scaled(String name, String gamma) {
    if (!config.layerScale()) {
      return linear(name, true);
    }
    try (Arena source = Arena.ofConfined()) {
      return new LayerScale(weights.get(gamma, source))
          .fold(arena, weights.get(name + ".weight", source), weights.get(name + ".bias", source));
    }
  }
}
