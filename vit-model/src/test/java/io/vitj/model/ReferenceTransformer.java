package io.vitj.model;

import io.vitj.model.ViTConfig.MlpKind;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.ViTConfig.QkvBias;
import io.vitj.tensor.kernel.Activation;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;

/** The whole model for one image in float64, one token and one head at a time. */
final class ReferenceTransformer {
  private final ViTConfig c;
  private final ViTWeights weights;

  ReferenceTransformer(ViTWeights weights) {
    this.c = weights.config();
    this.weights = weights;
  }

  /** From (C, H, W) pixels to the embedding, and through the head if there is one. */
  double[] forward(float[] pixels) {
    double[][] x = embed(pixels);
    if (c.preNorm()) {
      x = norm(x, "norm_pre");
    }
    for (int i = 0; i < c.depth(); i++) {
      String block = "blocks." + i + '.';
      double[][] attended = attention(norm(x, block + "norm1"), block + "attn.");
      x = add(x, scale(linear(attended, block + "attn.proj", true), block + "ls1.gamma"));
      double[][] hidden = hidden(norm(x, block + "norm2"), block + "mlp.");
      x = add(x, scale(linear(hidden, block + "mlp.fc2", true), block + "ls2.gamma"));
    }
    return head(c.finalNorm() ? norm(x, "norm") : x);
  }

  private double[] head(double[][] x) {
    double[][] pooled = {pool(x)};
    if (c.fcNorm()) {
      pooled = norm(pooled, "fc_norm");
    }
    if (c.poolerWidth() > 0) {
      pooled = linear(pooled, "pooler.dense", true);
      activate(pooled, c.poolerActivation());
    }
    if (c.projectionWidth() > 0) {
      return linear(pooled, "projection", false)[0];
    }
    if (c.classes() == 0) {
      return pooled[0];
    }
    double[] logits = linear(pooled, "head", true)[0];
    if (c.distilledHead()) {
      double[] second = linear(new double[][] {x[1]}, "head_dist", true)[0];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = (logits[i] + second[i]) / 2;
      }
    }
    return logits;
  }

  private double[] pool(double[][] x) {
    if (c.pooling() == Pooling.TOKEN) {
      return x[0].clone();
    }
    if (c.pooling() == Pooling.ATTENTION) {
      return probe(x);
    }
    double[] mean = new double[c.width()];
    for (int t = c.prefixTokens(); t < c.tokens(); t++) {
      for (int d = 0; d < mean.length; d++) {
        mean[d] += x[t][d] / c.patches();
      }
    }
    if (c.pooling() == Pooling.TOKEN_AND_AVG) {
      double[] both = Arrays.copyOf(x[0], 2 * mean.length);
      System.arraycopy(mean, 0, both, mean.length, mean.length);
      return both;
    }
    return mean;
  }

  private double[][] embed(float[] pixels) {
    double[][] x = new double[c.tokens()][c.width()];
    int token = 0;
    for (String prefix : List.of("cls_token", "dist_token", "reg_token")) {
      if (c.parameters().stream().anyMatch(parameter -> parameter.name().equals(prefix))) {
        double[] values = values(prefix);
        for (int at = 0; at < values.length; at += c.width(), token++) {
          System.arraycopy(values, at, x[token], 0, c.width());
        }
      }
    }
    int p = c.patch();
    double[] kernel = values("patch_embed.proj.weight");
    double[] bias = c.patchBias() ? values("patch_embed.proj.bias") : new double[c.width()];
    for (int n = 0; n < c.patches(); n++) {
      int top = n / c.gridWidth() * p;
      int left = n % c.gridWidth() * p;
      for (int d = 0; d < c.width(); d++) {
        double sum = bias[d];
        for (int k = 0; k < c.channels() * p * p; k++) {
          int row = k / (p * p) * c.imageHeight() + top + k / p % p;
          sum += pixels[row * c.imageWidth() + left + k % p] * kernel[d * c.channels() * p * p + k];
        }
        x[token + n][d] = sum;
      }
    }
    if (c.positions() != Positions.NONE) {
      double[] positions = values("pos_embed");
      int row = c.positions() == Positions.PATCHES_ONLY ? token : 0;
      for (int i = 0; i < positions.length; row++) {
        if (c.positions() == Positions.ALL_BUT_REGISTERS && row == token - c.registerTokens()) {
          row = token;
        }
        for (int d = 0; d < c.width(); d++, i++) {
          x[row][d] += positions[i];
        }
      }
    }
    return x;
  }

  private double[][] hidden(double[][] x, String name) {
    double[][] hidden;
    if (c.mlpKind() == MlpKind.PLAIN) {
      hidden = linear(x, name + "fc1", true);
      activate(hidden, c.activation());
    } else {
      boolean apart = c.mlpKind() == MlpKind.SWIGLU_APART;
      hidden = linear(x, name + (apart ? "fc1_g" : "fc1"), true);
      double[][] values = apart ? linear(x, name + "fc1_x", true) : hidden;
      for (int t = 0; t < x.length; t++) {
        double[] gated = new double[c.mlpHidden()];
        for (int i = 0; i < gated.length; i++) {
          double gate = hidden[t][i];
          gated[i] = gate / (1 + Math.exp(-gate)) * values[t][apart ? i : i + gated.length];
        }
        hidden[t] = gated;
      }
    }
    return c.mlpNorm() ? norm(hidden, name + "norm") : hidden;
  }

  private double[][] qkv(double[][] x, String name) {
    double[][] qkv = linear(x, name + "qkv", c.qkvBias() == QkvBias.ALL);
    if (c.qkvBias() == QkvBias.QUERY_AND_VALUE) {
      double[] q = values(name + "q_bias");
      double[] v = values(name + "v_bias");
      for (double[] row : qkv) {
        for (int i = 0; i < c.width(); i++) {
          row[i] += q[i];
          row[2 * c.width() + i] += v[i];
        }
      }
    }
    if (c.rotary() != null) {
      ReferencePositions.rotate(c, qkv);
    }
    return qkv;
  }

  private double[][] attention(double[][] x, String name) {
    double[][] qkv = qkv(x, name);
    double[] table = {};
    if (c.relativePositions() != null) {
      String prefix = c.relativePositions().shared() ? "rel_pos_bias." : name;
      table = values(prefix + "relative_position_bias_table");
    }
    double[][] out = new double[x.length][c.width()];
    int head = c.headWidth();
    for (int first = 0; first < c.width(); first += head) {
      for (int t = 0; t < x.length; t++) {
        double[] p = new double[x.length];
        double sum = 0;
        for (int s = 0; s < x.length; s++) {
          double score = 0;
          for (int i = first; i < first + head; i++) {
            score += qkv[t][i] * qkv[s][c.width() + i];
          }
          double bias = ReferencePositions.bias(c, table, first / head, t, s);
          p[s] = Math.exp(score / Math.sqrt(head) + bias);
          sum += p[s];
        }
        for (int s = 0; s < x.length; s++) {
          for (int i = first; i < first + head; i++) {
            out[t][i] += p[s] / sum * qkv[s][2 * c.width() + i];
          }
        }
      }
    }
    return c.attentionNorm() ? norm(out, name + "norm") : out;
  }

  /** From the learned probe, with layers of its own. */
  private double[] probe(double[][] x) {
    double[] q = linear(new double[][] {values("attn_pool.latent")}, "attn_pool.q", true)[0];
    double[][] kv = linear(x, "attn_pool.kv", true);
    double[][] out = new double[1][c.width()];
    int head = c.headWidth();
    for (int first = 0; first < c.width(); first += head) {
      double[] p = new double[x.length];
      double sum = 0;
      for (int s = 0; s < x.length; s++) {
        double score = 0;
        for (int i = first; i < first + head; i++) {
          score += q[i] * kv[s][i];
        }
        p[s] = Math.exp(score / Math.sqrt(head));
        sum += p[s];
      }
      for (int s = 0; s < x.length; s++) {
        for (int i = first; i < first + head; i++) {
          out[0][i] += p[s] / sum * kv[s][c.width() + i];
        }
      }
    }
    out = linear(out, "attn_pool.proj", true);
    double[][] hidden = linear(norm(out, "attn_pool.norm"), "attn_pool.mlp.fc1", true);
    activate(hidden, c.activation());
    return add(out, linear(hidden, "attn_pool.mlp.fc2", true))[0];
  }

  private double[][] linear(double[][] x, String name, boolean biased) {
    double[] w = values(name + ".weight");
    int in = x[0].length;
    int out = w.length / in;
    double[] bias = biased ? values(name + ".bias") : new double[out];
    double[][] y = new double[x.length][out];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < out; o++) {
        y[t][o] = bias[o];
        for (int i = 0; i < in; i++) {
          y[t][o] += x[t][i] * w[o * in + i];
        }
      }
    }
    return y;
  }

  private double[][] norm(double[][] x, String name) {
    double[] gamma = values(name + ".weight");
    double[] beta = values(name + ".bias");
    double[][] y = new double[x.length][gamma.length];
    for (int t = 0; t < x.length; t++) {
      double mean = 0;
      for (double v : x[t]) {
        mean += v / gamma.length;
      }
      double variance = 0;
      for (double v : x[t]) {
        variance += (v - mean) * (v - mean) / gamma.length;
      }
      for (int d = 0; d < gamma.length; d++) {
        y[t][d] = gamma[d] * (x[t][d] - mean) / Math.sqrt(variance + c.layerNormEps()) + beta[d];
      }
    }
    return y;
  }

  private double[][] scale(double[][] x, String name) {
    if (c.layerScale()) {
      double[] gamma = values(name);
      for (double[] row : x) {
        for (int d = 0; d < row.length; d++) {
          row[d] *= gamma[d];
        }
      }
    }
    return x;
  }

  private static double[][] add(double[][] x, double[][] y) {
    for (int t = 0; t < x.length; t++) {
      for (int d = 0; d < x[t].length; d++) {
        y[t][d] += x[t][d];
      }
    }
    return y;
  }

  private static void activate(double[][] x, Activation activation) {
    for (double[] row : x) {
      for (int i = 0; i < row.length; i++) {
        double v = row[i];
        row[i] =
            switch (activation) {
              case QUICK_GELU -> v / (1 + Math.exp(-1.702 * v));
              case GELU_TANH ->
                  v / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)));
              case TANH -> Math.tanh(v);
              default -> throw new IllegalArgumentException("not needed here: " + activation);
            };
      }
    }
  }

  private double[] values(String name) {
    try (Arena arena = Arena.ofConfined()) {
      float[] floats = weights.get(name, arena).toFloats();
      double[] values = new double[floats.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = floats[i];
      }
      return values;
    }
  }
}
