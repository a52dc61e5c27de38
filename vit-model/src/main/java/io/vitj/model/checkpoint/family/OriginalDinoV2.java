package io.vitj.model.checkpoint.family;

import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.image.GridResampling;

/**
 * DINOv2 (Oquab et al., 2024; with registers, Darcet et al., 2024) as its authors store it.
 * Positions include one of the class token, also with registers, where timm has it added to the
 * token; and the original interpolates them with an offset, but with registers without.
 */
final class OriginalDinoV2 implements TimmLayout {
  private static final String REGISTERS = "register_tokens";

  @Override
  public String name() {
    return "DINOv2";
  }

  @Override
  public String marker() {
    return "mask_token";
  }

  @Override
  public ViTConfig config(ViTConfig timm, CheckpointFile file) {
    return timm.toBuilder()
        .positions(Positions.ALL_BUT_REGISTERS)
        .positionResampling(
            file.tensors().containsKey(REGISTERS)
                ? GridResampling.ANTIALIASED
                : GridResampling.BICUBIC_OFFSET)
        .build();
  }

  @Override
  public NameTable names(ViTConfig config, CheckpointFile file) {
    NameTable names = NameTable.canonical().tensor("reg_token", REGISTERS).ignore("mask_token");
    return file.tensors().containsKey("blocks.0.mlp.w12.weight")
        ? names
            .layer("blocks.{i}.mlp.fc1", "blocks.{i}.mlp.w12")
            .layer("blocks.{i}.mlp.fc2", "blocks.{i}.mlp.w3")
        : names;
  }
}
