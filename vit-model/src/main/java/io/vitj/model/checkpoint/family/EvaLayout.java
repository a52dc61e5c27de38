package io.vitj.model.checkpoint.family;

import io.vitj.model.ViTConfig;
import io.vitj.model.checkpoint.CheckpointFile;
import java.util.List;

/**
 * timm's {@code Beit} and {@code Eva} (BEiT, EVA, EVA-02, DINOv3), and what their authors store
 * otherwise: the files say by their names which of them they have.
 */
final class EvaLayout implements TimmLayout {
  private static final String BLOCK = "blocks.{i}.";

  /** Parts that have two names: timm's and another, which is looked for in block 0. */
  private static final List<List<String>> LAYERS =
      List.of(
          List.of("attn.norm", "attn.inner_attn_ln"),
          List.of("mlp.fc1", "mlp.w12"),
          List.of("mlp.fc1_g", "mlp.w1"),
          List.of("mlp.fc1_x", "mlp.w2"),
          List.of("mlp.norm", "mlp.ffn_ln"),
          List.of("mlp.fc2", "mlp.w3"));

  private final String marker;

  /**
   * @param marker a tensor that a file of this layout may have
   */
  EvaLayout(String marker) {
    this.marker = marker;
  }

  @Override
  public String name() {
    return "timm BEiT and EVA";
  }

  @Override
  public String marker() {
    return marker;
  }

  /** DeiT III names its scales as BEiT does, but has biases of keys, too. */
  @Override
  public boolean matches(CheckpointFile file) {
    return ofBlock(marker.substring("blocks.0.".length()), file) && !ofBlock("attn.qkv.bias", file);
  }

  /** The names in timm itself. */
  static NameTable timm() {
    return NameTable.canonical()
        .tensor(BLOCK + "ls1.gamma", BLOCK + "gamma_1")
        .tensor(BLOCK + "ls2.gamma", BLOCK + "gamma_2");
  }

  @Override
  public NameTable names(ViTConfig config, CheckpointFile file) {
    NameTable names =
        timm()
            // These follow from the sizes, or are for pre-training.
            .ignore(BLOCK + "attn.relative_position_index")
            .ignore("rel_pos_bias.relative_position_index")
            .ignore(BLOCK + "attn.rope.*")
            .ignore("rope.*")
            .ignore("mask_token")
            .ignore("lm_head.*");
    for (List<String> layer : LAYERS) {
      if (ofBlock(layer.getLast() + ".weight", file)) {
        names.layer(BLOCK + layer.getFirst(), BLOCK + layer.getLast());
      }
    }
    if (ofBlock("attn.q_proj.weight", file)) {
      names.joinedLayer(
          BLOCK + "attn.qkv", BLOCK + "attn.q_proj", BLOCK + "attn.k_proj", BLOCK + "attn.v_proj");
    }
    if (ofBlock("attn.q_proj.bias", file)) {
      names
          .tensor(BLOCK + "attn.q_bias", BLOCK + "attn.q_proj.bias")
          .tensor(BLOCK + "attn.v_bias", BLOCK + "attn.v_proj.bias");
    }
    return names;
  }

  private static boolean ofBlock(String name, CheckpointFile file) {
    return file.tensors().containsKey("blocks.0." + name);
  }
}
