package io.vitj.model;

import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The canonical names and shapes of an architecture's parameters. The names are those of timm's
 * {@code vision_transformer.py}; the pooler, which timm lacks, has Hugging Face's, and the
 * projection of an image tower a plain one.
 */
final class ViTParameters {
  private final ViTConfig config;
  private final List<Parameter> list = new ArrayList<>();

  private ViTParameters(ViTConfig config) {
    this.config = config;
  }

  static List<Parameter> of(ViTConfig config) {
    ViTParameters parameters = new ViTParameters(config);
    parameters.embeddings();
    for (int i = 0; i < config.depth(); i++) {
      parameters.block("blocks." + i + '.');
    }
    parameters.head();
    return List.copyOf(parameters.list);
  }

  private void embeddings() {
    int d = config.width();
    int p = config.patch();
    if (config.classToken()) {
      add("cls_token", 1, 1, d);
    }
    if (config.distillationToken()) {
      add("dist_token", 1, 1, d);
    }
    if (config.registerTokens() > 0) {
      add("reg_token", 1, config.registerTokens(), d);
    }
    if (config.positions() != Positions.NONE) {
      add("pos_embed", 1, config.positionCount(), d);
    }
    add("patch_embed.proj.weight", d, config.channels(), p, p);
    if (config.patchBias()) {
      add("patch_embed.proj.bias", d);
    }
    if (config.relativePositions() != null && config.relativePositions().shared()) {
      relativePositions("rel_pos_bias.");
    }
    if (config.preNorm()) {
      norm("norm_pre", d);
    }
  }

  private void block(String block) {
    int d = config.width();
    norm(block + "norm1", d);
    add(block + "attn.qkv.weight", Math.multiplyExact(3, d), d);
    switch (config.qkvBias()) {
      case NONE -> {}
      case QUERY_AND_VALUE -> {
        add(block + "attn.q_bias", d);
        add(block + "attn.v_bias", d);
      }
      case ALL -> add(block + "attn.qkv.bias", 3 * d);
    }
    if (config.relativePositions() != null && !config.relativePositions().shared()) {
      relativePositions(block + "attn.");
    }
    if (config.attentionNorm()) {
      norm(block + "attn.norm", d);
    }
    linear(block + "attn.proj", d, d);
    if (config.layerScale()) {
      add(block + "ls1.gamma", d);
    }
    norm(block + "norm2", d);
    mlp(block + "mlp.");
    if (config.layerScale()) {
      add(block + "ls2.gamma", d);
    }
  }

  private void mlp(String mlp) {
    int d = config.width();
    int hidden = config.mlpHidden();
    switch (config.mlpKind()) {
      case PLAIN -> linear(mlp + "fc1", hidden, d);
      case SWIGLU -> linear(mlp + "fc1", 2 * hidden, d);
      case SWIGLU_APART -> {
        linear(mlp + "fc1_g", hidden, d);
        linear(mlp + "fc1_x", hidden, d);
      }
    }
    if (config.mlpNorm()) {
      norm(mlp + "norm", hidden);
    }
    linear(mlp + "fc2", d, hidden);
  }

  private void relativePositions(String prefix) {
    int rows = config.relativePositions().rows(config.positionRows(), config.positionColumns());
    add(prefix + "relative_position_bias_table", rows, config.heads());
  }

  private void attentionPooling() {
    int d = config.width();
    add("attn_pool.latent", 1, 1, d);
    linear("attn_pool.q", d, d);
    linear("attn_pool.kv", 2 * d, d);
    linear("attn_pool.proj", d, d);
    norm("attn_pool.norm", d);
    linear("attn_pool.mlp.fc1", config.mlpHidden(), d);
    linear("attn_pool.mlp.fc2", d, config.mlpHidden());
  }

  private void head() {
    if (config.finalNorm()) {
      norm("norm", config.width());
    }
    if (config.pooling() == Pooling.ATTENTION) {
      attentionPooling();
    }
    if (config.fcNorm()) {
      norm("fc_norm", config.width());
    }
    if (config.poolerWidth() > 0) {
      linear("pooler.dense", config.poolerWidth(), config.pooledWidth());
    }
    if (config.projectionWidth() > 0) {
      add("projection.weight", config.projectionWidth(), config.embeddingWidth());
    }
    if (config.classes() > 0) {
      linear("head", config.classes(), config.embeddingWidth());
    }
    if (config.distilledHead()) {
      linear("head_dist", config.classes(), config.embeddingWidth());
    }
  }

  private void norm(String name, int width) {
    add(name + ".weight", width);
    add(name + ".bias", width);
  }

  private void linear(String name, int out, int in) {
    add(name + ".weight", out, in);
    add(name + ".bias", out);
  }

  private void add(String name, int... dims) {
    list.add(new Parameter(name, Shape.of(dims)));
  }
}
