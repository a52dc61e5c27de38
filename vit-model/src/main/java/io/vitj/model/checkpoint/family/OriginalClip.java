package io.vitj.model.checkpoint.family;

import io.vitj.model.ViTConfig;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.checkpoint.StoredTensor;
import io.vitj.tensor.Shape;

/**
 * The image tower of CLIP as OpenAI and open_clip store it (MetaCLIP too): under {@code visual.},
 * beside the text tower of {@link OriginalText}, and with a projection that is applied from the
 * right.
 */
final class OriginalClip implements TimmLayout {
  private static final String PROJECTION = "visual.proj";
  private static final String BLOCK = "{p}transformer.resblocks.{i}.";

  @Override
  public String name() {
    return "CLIP";
  }

  @Override
  public String marker() {
    return "visual.class_embedding";
  }

  @Override
  public ViTConfig config(ViTConfig timm, CheckpointFile file) {
    StoredTensor projection = file.tensors().get(PROJECTION);
    boolean projected = projection != null && projection.shape().rank() == 2;
    return timm.toBuilder()
        .classes(0)
        .projectionWidth(projected ? projection.shape().dim(1) : 0)
        .build();
  }

  @Override
  public NameTable names(ViTConfig config, CheckpointFile file) {
    Shape transposed = Shape.of(config.embeddingWidth(), config.projectionWidth());
    return blocks(NameTable.withPrefixes("visual."))
        .ignoreOthers()
        .tensor("cls_token", Transform.UNBATCHED, "{p}class_embedding")
        .tensor("pos_embed", Transform.UNBATCHED, "{p}positional_embedding")
        .tensor("patch_embed.proj.weight", "{p}conv1.weight")
        .layer("norm_pre", "{p}ln_pre")
        .layer("norm", "{p}ln_post")
        .tensor("projection.weight", new FlaxTransform(transposed, 1, 0), PROJECTION);
  }

  /**
   * Adds the blocks, which those of the text tower are named like.
   *
   * @param names a table
   * @return the same
   */
  static NameTable blocks(NameTable names) {
    return names
        .layer("blocks.{i}.norm1", BLOCK + "ln_1")
        .tensor("blocks.{i}.attn.qkv.weight", BLOCK + "attn.in_proj_weight")
        .tensor("blocks.{i}.attn.qkv.bias", BLOCK + "attn.in_proj_bias")
        .layer("blocks.{i}.attn.proj", BLOCK + "attn.out_proj")
        .layer("blocks.{i}.norm2", BLOCK + "ln_2")
        .layer("blocks.{i}.mlp.fc1", BLOCK + "mlp.c_fc")
        .layer("blocks.{i}.mlp.fc2", BLOCK + "mlp.c_proj")
        .tensor("blocks.{i}.ls1.gamma", BLOCK + "ls_1.gamma")
        .tensor("blocks.{i}.ls2.gamma", BLOCK + "ls_2.gamma");
  }
}
