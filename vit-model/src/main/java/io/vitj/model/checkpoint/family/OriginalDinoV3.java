package io.vitj.model.checkpoint.family;

import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfig.QkvBias;
import io.vitj.model.checkpoint.CheckpointFile;

/**
 * DINOv3 (Siméoni et al., 2025) as its authors store it: biases of queries, keys and values in one
 * tensor, of which those of the keys are masked. timm's architectures have them where their name
 * ends in {@code _qkvb}; in the others they are zero.
 */
final class OriginalDinoV3 implements TimmLayout {
  private static final String BLOCK = "blocks.{i}.";
  private static final String QKV_BIAS = BLOCK + "attn.qkv.bias";

  @Override
  public String name() {
    return "DINOv3";
  }

  @Override
  public String marker() {
    return "storage_tokens";
  }

  @Override
  public NameTable names(ViTConfig config, CheckpointFile file) {
    NameTable names =
        NameTable.canonical()
            .tensor("reg_token", "storage_tokens")
            .tensor(BLOCK + "attn.q_bias", new PartTransform(0, 1, 3), QKV_BIAS)
            .tensor(BLOCK + "attn.v_bias", new PartTransform(2, 1, 3), QKV_BIAS)
            .layer(BLOCK + "mlp.fc1_g", BLOCK + "mlp.w1")
            .layer(BLOCK + "mlp.fc1_x", BLOCK + "mlp.w2")
            // These follow from the sizes, or are for pre-training.
            .ignore(QKV_BIAS + "_mask")
            .ignore("rope_embed.periods")
            .ignore("mask_token")
            .ignore("local_cls_norm.*");
    if (file.tensors().containsKey("blocks.0.mlp.w3.weight")) {
      names.layer(BLOCK + "mlp.fc2", BLOCK + "mlp.w3");
    }
    return config.qkvBias() == QkvBias.NONE ? names.ignore(QKV_BIAS) : names;
  }
}
