package io.vitj.model;

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
    if (config.preNorm()) {
      norm("norm_pre", d);
    }
  }

  private void block(String block) {
    int d = config.width();
    norm(block + "norm1", d);
    add(block + "attn.qkv.weight", Math.multiplyExact(3, d), d);
    if (config.qkvBias()) {
      add(block + "attn.qkv.bias", 3 * d);
    }
    linear(block + "attn.proj", d, d);
    if (config.layerScale()) {
      add(block + "ls1.gamma", d);
    }
    norm(block + "norm2", d);
    linear(block + "mlp.fc1", config.mlpHidden(), d);
    linear(block + "mlp.fc2", d, config.mlpHidden());
    if (config.layerScale()) {
      add(block + "ls2.gamma", d);
    }
  }

  private void head() {
    if (config.finalNorm()) {
      norm("norm", config.width());
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
