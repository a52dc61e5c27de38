package io.vitj.model.pipeline;

import io.vitj.model.ViTConfig;

/** What a layer makes of an image: a vector for each patch, and for each token before them. */
public final class FeatureMap {
  private final int layer;
  private final ViTConfig config;
  private final float[] patches;
  private final float[] prefix;

  FeatureMap(int layer, ViTConfig config, float[] patches, float[] prefix) {
    this.layer = layer;
    this.config = config;
    this.patches = patches;
    this.prefix = prefix;
  }

  /**
   * Says which layer it is.
   *
   * @return its number, from 0
   */
  public int layer() {
    return layer;
  }

  /**
   * Returns the height of the patch grid.
   *
   * @return its rows h
   */
  public int height() {
    return config.gridHeight();
  }

  /**
   * Returns the width of the patch grid.
   *
   * @return its columns w
   */
  public int width() {
    return config.gridWidth();
  }

  /**
   * Returns the length of a vector.
   *
   * @return the width D of the model
   */
  public int channels() {
    return config.width();
  }

  /**
   * Returns the number of tokens before the patches.
   *
   * @return P
   */
  public int prefixTokens() {
    return config.prefixTokens();
  }

  /**
   * Returns the vectors of the patches.
   *
   * @return (h, w, D), from the upper left patch row by row; the map's own array
   */
  public float[] patches() {
    return patches;
  }

  /**
   * Returns the vectors of the tokens before the patches.
   *
   * @return (P, D): class token, distillation token and registers, as far as each is present; the
   *     map's own array
   */
  public float[] prefix() {
    return prefix;
  }
}
