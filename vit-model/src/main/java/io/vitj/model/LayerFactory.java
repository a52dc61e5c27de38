package io.vitj.model;

import io.vitj.nn.Attention;
import io.vitj.nn.AttentionPooling;
import io.vitj.nn.EncoderBlock;
import io.vitj.nn.Head;
import io.vitj.nn.LayerNorm;
import io.vitj.nn.LayerScale;
import io.vitj.nn.Linear;
import io.vitj.nn.Mlp;
import io.vitj.nn.PatchEmbedding;
import io.vitj.tensor.DType;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.Activation;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes the layers of a model from its weights: canonical names in, packed layers out. Each source
 * is released before the next is read.
 */
final class LayerFactory {
  private final ViTConfig config;
  private final ViTWeights weights;
  private final Arena arena;
  private final PackedParts parts;
  private final Map<String, Shape> shapes = new HashMap<>();

  /**
   * @param weights where values come from
   * @param arena the owner of the packed weights
   * @param parts what may have them already
   */
  LayerFactory(ViTWeights weights, Arena arena, PackedParts parts) {
    this.config = weights.config();
    this.weights = weights;
    this.arena = arena;
    this.parts = parts;
    config.parameters().forEach(parameter -> shapes.put(parameter.name(), parameter.shape()));
  }

  PatchEmbedding patchEmbedding() {
    return new PatchEmbedding(linear("patch_embed.proj", config.patchBias()), config.patch());
  }

  SequenceStart sequenceStart() {
    int tokens = config.prefixTokens() + config.positionRows() * config.positionColumns();
    Tensor stored =
        parts.tensor(
            "sequence_start",
            Shape.of(tokens, config.width()),
            () -> SequenceStart.stored(weights, arena));
    return new SequenceStart(config, stored);
  }

  EncoderBlock block(int index) {
    String block = "blocks." + index + '.';
    return new EncoderBlock(
        norm(block + "norm1"),
        new Attention(
            qkv(block + "attn."),
            config.attentionNorm() ? norm(block + "attn.norm") : null,
            scaled(block + "attn.proj", block + "ls1.gamma"),
            config.heads()),
        norm(block + "norm2"),
        mlp(block + "mlp.", block + "ls2.gamma"));
  }

  private Linear qkv(String attention) {
    String name = attention + "qkv";
    return parts.linear(name, matrix(name), dtype -> packedQkv(attention, dtype));
  }

  /** The shape of the matrix of a layer; trailing axes of a kernel count as one. */
  private Shape matrix(String name) {
    Shape shape = shapes.get(name + ".weight");
    return Shape.of(shape.dim(0), Math.toIntExact(shape.elements() / shape.dim(0)));
  }

  private Linear packedQkv(String attention, DType dtype) {
    try (Arena source = Arena.ofConfined()) {
      Tensor weight = weights.get(attention + "qkv.weight", source); // (3·D, D)
      Tensor bias = weights.qkvBias(attention, source); // (3·D)
      if (config.rotary() != null && config.rotary().interleaved()) {
        weight = planesApart(weight, source);
        bias = bias == null ? null : planesApart(bias, source);
      }
      return new Linear(arena, weight, bias, dtype);
    }
  }

  /**
   * Reorders the rows that make queries and keys so that the two elements of a plane of rotation,
   * 2j and 2j + 1 of a head, become j and j + dh/2. A score is the sum over both, in any order.
   */
  private Tensor planesApart(Tensor rows, Arena source) {
    int head = config.headWidth();
    Tensor reordered = Tensor.allocate(source, rows.shape());
    reordered.copyFrom(rows);
    for (int row = 0; row < 2 * config.width(); row++) {
      int element = row % head;
      int to = row - element + element / 2 + element % 2 * (head / 2);
      reordered.slice(to, 1).copyFrom(rows.slice(row, 1));
    }
    return reordered;
  }

  private Mlp mlp(String mlp, String gamma) {
    LayerNorm norm = config.mlpNorm() ? norm(mlp + "norm") : null;
    Linear fc2 = scaled(mlp + "fc2", gamma);
    return switch (config.mlpKind()) {
      case PLAIN -> Mlp.plain(linear(mlp + "fc1", true), norm, fc2, config.activation());
      case SWIGLU -> Mlp.swiGlu(linear(mlp + "fc1", true), norm, fc2);
      case SWIGLU_APART -> Mlp.swiGlu(joined(mlp + "fc1_g", mlp + "fc1_x"), norm, fc2);
    };
  }

  /** Two layers of one shape as one, the rows of the first before those of the second. */
  private Linear joined(String first, String second) {
    Shape half = matrix(first);
    return parts.linear(
        first, Shape.of(2 * half.dim(0), half.dim(1)), dtype -> packedJoined(first, second, dtype));
  }

  private Linear packedJoined(String first, String second, DType dtype) {
    try (Arena source = Arena.ofConfined()) {
      Tensor weight = joined(first + ".weight", second + ".weight", source);
      return new Linear(arena, weight, joined(first + ".bias", second + ".bias", source), dtype);
    }
  }

  private Tensor joined(String first, String second, Arena source) {
    Tensor upper = weights.get(first, source);
    int[] dims = upper.shape().dims();
    int rows = dims[0];
    dims[0] = 2 * rows;
    Tensor both = Tensor.allocate(source, Shape.of(dims));
    both.slice(0, rows).copyFrom(upper);
    both.slice(rows, rows).copyFrom(weights.get(second, source));
    return both;
  }

  /**
   * Reads what tells attention where the patches are.
   *
   * @return the tables of relative positions, if any
   */
  PatchPositions patchPositions() {
    if (config.relativePositions() == null) {
      return new PatchPositions();
    }
    if (config.relativePositions().shared()) {
      return new PatchPositions(relativePositions("rel_pos_bias."));
    }
    float[][] tables = new float[config.depth()][];
    for (int i = 0; i < tables.length; i++) {
      tables[i] = relativePositions("blocks." + i + ".attn.");
    }
    return new PatchPositions(tables);
  }

  private float[] relativePositions(String prefix) {
    return parameter(prefix + "relative_position_bias_table").toFloats();
  }

  AttentionPooling attentionPooling() {
    return new AttentionPooling(
        query("attn_pool."),
        linear("attn_pool.kv", true),
        linear("attn_pool.proj", true),
        norm("attn_pool.norm"),
        Mlp.plain(
            linear("attn_pool.mlp.fc1", true),
            null,
            linear("attn_pool.mlp.fc2", true),
            config.activation()),
        config.heads());
  }

  /** The query of the probe, which is the same for every image: Wq·latent + bq. */
  private Tensor query(String pooling) {
    return parts.tensor(
        pooling + "query", Shape.of(1, config.width()), () -> computedQuery(pooling));
  }

  private Tensor computedQuery(String pooling) {
    int width = config.width();
    try (Arena source = Arena.ofConfined()) {
      float[] latent = weights.get(pooling + "latent", source).toFloats();
      float[] weight = weights.get(pooling + "q.weight", source).toFloats();
      float[] query = weights.get(pooling + "q.bias", source).toFloats();
      for (int row = 0; row < width; row++) {
        double sum = query[row];
        for (int i = 0; i < width; i++) {
          sum += (double) weight[row * width + i] * latent[i];
        }
        query[row] = (float) sum;
      }
      return Tensor.of(arena, Shape.of(1, width), query);
    }
  }

  LayerNorm norm(String name) {
    return new LayerNorm(
        parameter(name + ".weight"), parameter(name + ".bias"), config.layerNormEps());
  }

  private Tensor parameter(String name) {
    return parts.tensor(name, shapes.get(name), () -> weights.copy(name, arena));
  }

  Head head(String name, boolean hasBias, Activation activation) {
    return new Head(linear(name, hasBias), activation);
  }

  private Linear linear(String name, boolean hasBias) {
    return parts.linear(name, matrix(name), dtype -> packed(name, hasBias, dtype));
  }

  private Linear packed(String name, boolean hasBias, DType dtype) {
    try (Arena source = Arena.ofConfined()) {
      Tensor bias = hasBias ? weights.get(name + ".bias", source) : null;
      return new Linear(arena, weights.get(name + ".weight", source), bias, dtype);
    }
  }

  private Linear scaled(String name, String gamma) {
    return config.layerScale()
        ? parts.linear(name, matrix(name), dtype -> packedScaled(name, gamma, dtype))
        : linear(name, true);
  }

  private Linear packedScaled(String name, String gamma, DType dtype) {
    try (Arena source = Arena.ofConfined()) {
      return new LayerScale(weights.get(gamma, source))
          .fold(
              arena,
              weights.get(name + ".weight", source),
              weights.get(name + ".bias", source),
              dtype);
    }
  }
}
