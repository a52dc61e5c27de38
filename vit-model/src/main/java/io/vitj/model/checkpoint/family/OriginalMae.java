package io.vitj.model.checkpoint.family;

import io.vitj.model.ViTConfig;
import io.vitj.model.checkpoint.CheckpointFile;

/** MAE (He et al., 2022) as its authors store it in pre-training: timm's names, and a decoder. */
final class OriginalMae implements TimmLayout {
  @Override
  public String name() {
    return "MAE";
  }

  @Override
  public String marker() {
    return "decoder_embed.weight";
  }

  @Override
  public NameTable names(ViTConfig config, CheckpointFile file) {
    return NameTable.canonical().ignore("mask_token").ignore("decoder_*");
  }
}
