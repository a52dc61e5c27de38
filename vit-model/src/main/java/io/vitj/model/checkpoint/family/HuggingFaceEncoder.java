package io.vitj.model.checkpoint.family;

import io.vitj.model.checkpoint.CheckpointFile;

/**
 * The names that ViT, DeiT, ViT-MAE and DINOv2 of Hugging Face's transformers share: everything but
 * the heads.
 */
final class HuggingFaceEncoder {
  private static final String LAYER = "{p}encoder.layer.{i}.";

  private HuggingFaceEncoder() {}

  /**
   * Makes the table.
   *
   * @param prefix what the names begin with inside a model with a head; alone they have none
   * @return the table, to which a family adds its heads
   */
  static NameTable names(String prefix) {
    return shared(prefix)
        .tensor("dist_token", "{p}embeddings.distillation_token")
        .layer("blocks.{i}.norm1", LAYER + "layernorm_before")
        .layer("blocks.{i}.norm2", LAYER + "layernorm_after")
        .layer("blocks.{i}.mlp.fc1", LAYER + "intermediate.dense")
        .layer("blocks.{i}.mlp.fc2", LAYER + "output.dense")
        .layer("pooler.dense", "{p}pooler.dense");
  }

  /**
   * Makes the table of DINOv2, with or without registers.
   *
   * @param prefix as for {@link #names}
   * @return the table, to which the family adds its head
   */
  static NameTable dinoV2Names(String prefix) {
    return shared(prefix)
        .tensor("reg_token", "{p}embeddings.register_tokens")
        .layer("blocks.{i}.norm1", LAYER + "norm1")
        .tensor("blocks.{i}.ls1.gamma", LAYER + "layer_scale1.lambda1")
        .layer("blocks.{i}.norm2", LAYER + "norm2")
        .layer("blocks.{i}.mlp.fc1", LAYER + "mlp.fc1")
        .layer("blocks.{i}.mlp.fc2", LAYER + "mlp.fc2")
        .tensor("blocks.{i}.ls2.gamma", LAYER + "layer_scale2.lambda1");
  }

  private static NameTable shared(String prefix) {
    return NameTable.withPrefixes(prefix, "")
        .tensor("cls_token", "{p}embeddings.cls_token")
        .tensor("pos_embed", "{p}embeddings.position_embeddings")
        .layer("patch_embed.proj", "{p}embeddings.patch_embeddings.projection")
        .joinedLayer(
            "blocks.{i}.attn.qkv",
            LAYER + "attention.attention.query",
            LAYER + "attention.attention.key",
            LAYER + "attention.attention.value")
        .layer("blocks.{i}.attn.proj", LAYER + "attention.output.dense")
        .layer("norm", "{p}layernorm")
        // Used in pre-training by masked patches only.
        .ignore("{p}embeddings.mask_token");
  }

  /**
   * Returns whether a model without a head was saved with its pooler: the config does not tell.
   *
   * @param file the checkpoint
   * @param prefix as for {@link #names}
   * @return whether it has the pooler's weight
   */
  static boolean hasPooler(CheckpointFile file, String prefix) {
    String weight = "pooler.dense.weight";
    return file.tensors().containsKey(weight) || file.tensors().containsKey(prefix + weight);
  }
}
