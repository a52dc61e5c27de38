package io.vitj.model.checkpoint.family;

import io.vitj.model.ViTConfig;
import io.vitj.model.checkpoint.CheckpointFile;

/** DeiT III (Touvron et al., 2022) as its authors store it: the layer scales have other names. */
final class OriginalDeiT3 implements TimmLayout {
  @Override
  public String name() {
    return "DeiT III";
  }

  @Override
  public String marker() {
    return "blocks.0.gamma_1";
  }

  @Override
  public NameTable names(ViTConfig config, CheckpointFile file) {
    return NameTable.canonical()
        .tensor("blocks.{i}.ls1.gamma", "blocks.{i}.gamma_1")
        .tensor("blocks.{i}.ls2.gamma", "blocks.{i}.gamma_2");
  }
}
