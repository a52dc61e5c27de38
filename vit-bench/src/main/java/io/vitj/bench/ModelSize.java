package io.vitj.bench;

import io.vitj.model.Presets;
import io.vitj.model.ViTConfig;
import java.util.Locale;

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

  /**
   * Returns the name in timm.
   *
   * @return the name of the preset
   */
  public String preset() {
    return preset;
  }

  /**
   * Returns the name in the literature.
   *
   * @return such as {@code B/16}
   */
  public String label() {
    String name = name();
    int digits = name.length() - 2;
    return name.charAt(0)
        + name.substring(1, digits).toLowerCase(Locale.ROOT)
        + '/'
        + name.substring(digits);
  }
}
