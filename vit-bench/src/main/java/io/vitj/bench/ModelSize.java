package io.vitj.bench;

import io.vitj.model.Presets;
import io.vitj.model.ViTConfig;

/**
 * The encoders that workloads are taken from: patches of 16 × 16 in images of 224 × 224, which is
 * 197 tokens (Dosovitskiy et al., 2021; Touvron et al., 2021, for Ti and S).
 */
public enum ModelSize {
  /** Width 192, 3 heads, 12 blocks. */
  TI16("vit_tiny_patch16_224"),
  /** Width 384, 6 heads, 12 blocks. */
  S16("vit_small_patch16_224"),
  /** Width 768, 12 heads, 12 blocks. */
  B16("vit_base_patch16_224"),
  /** Width 1024, 16 heads, 24 blocks. */
  L16("vit_large_patch16_224");

  private final String preset;

  ModelSize(String preset) {
    this.preset = preset;
  }

  /**
   * Returns the architecture.
   *
   * @return the config of the preset
   */
  public ViTConfig config() {
    return Presets.config(preset);
  }
}
