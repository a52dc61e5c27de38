package io.vitj.model.checkpoint.family;

import io.vitj.model.checkpoint.CheckpointFile;

/**
 * The names that the ViT and DeiT of Hugging Face's transformers share: everything but the heads.
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
    return NameTable.withPrefixes(prefix, "")
        .tensor("cls_token", "{p}embeddings.cls_token")
        .tensor("dist_token", "{p}embeddings.distillation_token")
        .tensor("pos_embed", "{p}embeddings.position_embeddings")
        .layer("patch_embed.proj", "{p}embeddings.patch_embeddings.projection")
        .layer("blocks.{i}.norm1", LAYER + "layernorm_before")
        .joinedLayer(
            "blocks.{i}.attn.qkv",
            LAYER + "attention.attention.query",
            LAYER + "attention.attention.key",
            LAYER + "attention.attention.value")
        .layer("blocks.{i}.attn.proj", LAYER + "attention.output.dense")
        .layer("blocks.{i}.norm2", LAYER + "layernorm_after")
        .layer("blocks.{i}.mlp.fc1", LAYER + "intermediate.dense")
        .layer("blocks.{i}.mlp.fc2", LAYER + "output.dense")
        .layer("norm", "{p}layernorm")
        .layer("pooler.dense", "{p}pooler.dense")
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
