package io.vitj.model.onnx;

import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.ViTWeights;

/**
 * A Vision Transformer as a graph, as PyTorch's exporter would write it. Shapes: B images, C
 * channels, H × W pixels, N patches, P prefix tokens, T tokens, D width, E width of the embedding.
 */
final class OnnxEncoder {
  private final ViTConfig config;
  private final OnnxGraph graph;
  private final OnnxWeights weights;
  private final OnnxBlock block;

  /**
   * Prepares a graph.
   *
   * @param config the architecture at the input size of the graph
   * @param source its weights
   * @param graph where to add the nodes
   */
  OnnxEncoder(ViTConfig config, ViTWeights source, OnnxGraph graph) {
    this.config = config;
    this.graph = graph;
    this.weights = new OnnxWeights(source, graph);
    this.block = new OnnxBlock(config, weights, new OnnxAttention(config, weights));
  }

  /** Adds the model, from {@code pixel_values} (B, C, H, W) to its outputs. */
  void build() {
    Scope model = new Scope(graph, "");
    String pixels =
        graph.input("pixel_values", config.channels(), config.imageHeight(), config.imageWidth());
    String x = embed(model, pixels); // (B, T, D)
    for (int i = 0; i < config.depth(); i++) {
      x = block.forward(model, i, x); // (B, T, D)
    }
    if (config.finalNorm()) {
      x = norm(model, "norm", x); // (B, T, D)
    }
    if (config.classes() == 0) {
      graph.output("features", x, config.tokens(), config.width());
    }
    if (config.pooling() != Pooling.NONE) {
      head(model, x);
    }
  }

  private String embed(Scope model, String pixels) {
    Scope scope = model.in("patch_embed");
    String kernel = weights.stored("patch_embed.proj.weight"); // (D, C, P, P)
    String map =
        config.patchBias()
            ? scope.patches(pixels, config.patch(), kernel, weights.stored("patch_embed.proj.bias"))
            : scope.patches(pixels, config.patch(), kernel); // (B, D, H/P, W/P)
    String rows = scope.reshape(map, 0, config.width(), config.patches()); // (B, D, N)
    String x = scope.transpose(rows, 0, 2, 1); // (B, N, D)
    Scope embeddings = model.in("embeddings");
    if (config.positions() != Positions.NONE) {
      x =
          embeddings.add(
              x,
              weights.sequenceStart(
                  "pos_embed.patches", config, config.prefixTokens(), config.patches()));
    }
    if (config.prefixTokens() > 0) {
      String prefix =
          weights.sequenceStart("prefix_tokens", config, 0, config.prefixTokens()); // (1, P, D)
      prefix = embeddings.forEachImage(prefix, pixels, config.prefixTokens(), config.width());
      x = embeddings.concat(1, prefix, x); // (B, T, D)
    }
    return config.preNorm() ? norm(model, "norm_pre", x) : x;
  }

  private void head(Scope model, String x) {
    String embedding = pool(model, x); // (B, D)
    if (config.fcNorm()) {
      embedding = norm(model, "fc_norm", embedding);
    }
    if (config.poolerWidth() > 0) {
      String dense = linear(model, "pooler.dense", embedding);
      embedding = OnnxActivation.apply(model.in("pooler"), config.poolerActivation(), dense);
    }
    if (config.classes() > 0) {
      classify(model, x, embedding);
    } else if (config.projectionWidth() > 0) {
      String kernel = weights.stored("projection.weight");
      String projected = model.in("projection").gemm(embedding, kernel, null);
      graph.output("image_embeds", projected, config.projectionWidth());
    } else {
      String name = config.poolerWidth() > 0 ? "pooler_output" : "embedding";
      graph.output(name, embedding, config.embeddingWidth());
    }
  }

  private String pool(Scope model, String x) {
    Scope scope = model.in("pool");
    return switch (config.pooling()) {
      case NONE -> throw new IllegalStateException("there is no pooling");
      case TOKEN -> scope.token(x, 0);
      case AVG -> meanOfPatches(scope, x);
      case ATTENTION -> block.attentionPooling(model, x);
      case TOKEN_AND_AVG -> scope.concat(1, scope.token(x, 0), meanOfPatches(scope, x)); // (B, 2·D)
    };
  }

  private String meanOfPatches(Scope scope, String x) {
    int prefix = config.prefixTokens();
    return scope.meanOfTokens(prefix == 0 ? x : scope.slice(x, 1, prefix, 1));
  }

  private void classify(Scope model, String x, String embedding) {
    String logits = linear(model, "head", embedding); // (B, classes)
    if (config.distilledHead()) {
      String distilled = linear(model, "head_dist", model.in("pool").token(x, 1));
      graph.output("cls_logits", logits, config.classes());
      graph.output("distillation_logits", distilled, config.classes());
      logits = model.mul(model.add(logits, distilled), 0.5f);
    }
    graph.output("logits", logits, config.classes());
  }

  private String norm(Scope model, String name, String x) {
    return weights.norm(model.in(name), name, x, config.layerNormEps());
  }

  private String linear(Scope model, String name, String x) {
    return model.in(name).gemm(x, weights.stored(name + ".weight"), weights.stored(name + ".bias"));
  }
}
