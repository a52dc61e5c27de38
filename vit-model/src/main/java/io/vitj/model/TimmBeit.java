package io.vitj.model;

import io.vitj.model.RelativePositions.Resampling;
import io.vitj.model.ViTConfig.MlpKind;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.ViTConfig.QkvBias;
import io.vitj.model.json.JsonFields;
import io.vitj.tensor.kernel.Activation;
import java.util.Map;
import java.util.Set;

/** timm's {@code Beit}: BEiT (Bao et al., 2022) and BEiT v2 (Peng et al., 2022). */
enum TimmBeit implements TimmModel {
  /** The only one. */
  INSTANCE;

  private static final Set<String> READ =
      Set.of(
          "img_size",
          "patch_size",
          "in_chans",
          "num_classes",
          "global_pool",
          "embed_dim",
          "depth",
          "num_heads",
          "qkv_bias",
          "mlp_ratio",
          "swiglu_mlp",
          "scale_mlp",
          "init_values",
          "use_abs_pos_emb",
          "use_rel_pos_bias",
          "use_shared_rel_pos_bias");

  @Override
  public Set<String> arguments() {
    return READ;
  }

  @Override
  public Map<String, String> fixed() {
    return Map.of();
  }

  @Override
  public ViTConfigBuilder config(JsonFields fields) {
    Pooling pooling = TimmModel.pooling(fields, "avg", false);
    boolean bias = fields.bool("qkv_bias", true);
    boolean gated = fields.bool("swiglu_mlp", false);
    return TimmModel.sizes(fields)
        .mlpKind(gated ? MlpKind.SWIGLU_APART : MlpKind.PLAIN)
        .mlpNorm(fields.bool("scale_mlp", false))
        .positions(fields.bool("use_abs_pos_emb", true) ? Positions.ALL_TOKENS : Positions.NONE)
        .qkvBias(bias ? QkvBias.QUERY_AND_VALUE : QkvBias.NONE)
        .relativePositions(relativePositions(fields))
        .layerScale(fields.number("init_values", 0) != 0)
        .activation(Activation.GELU_ERF)
        .pooling(pooling)
        .finalNorm(pooling != Pooling.AVG)
        .fcNorm(pooling == Pooling.AVG);
  }

  private static RelativePositions relativePositions(JsonFields fields) {
    boolean shared = fields.bool("use_shared_rel_pos_bias", false);
    boolean ofBlock = fields.bool("use_rel_pos_bias", false);
    if (shared && ofBlock) {
      throw fields.wrong("use_shared_rel_pos_bias", "false where use_rel_pos_bias is true");
    }
    return shared || ofBlock ? new RelativePositions(shared, Resampling.GEOMETRIC) : null;
  }
}
