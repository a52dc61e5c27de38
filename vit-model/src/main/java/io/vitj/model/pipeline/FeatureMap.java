package io.vitj.model.pipeline;

/**
 * What a layer makes of an image: one vector for each patch, and one for each token before them.
 *
 * @param layer the layer, from 0
 * @param height rows h of the patch grid
 * @param width columns w of the patch grid
 * @param channels the length D of a vector
 * @param patches (h, w, D), from the upper left patch row by row
 * @param prefix (P, D): class token, distillation token and registers, as far as each is present
 */
public record FeatureMap(
    int layer, int height, int width, int channels, float[] patches, float[] prefix) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException if values and sizes do not agree
   */
  public FeatureMap {
    if (patches.length != height * width * channels || prefix.length % channels != 0) {
      throw new IllegalArgumentException(
          "%d and %d values for a grid of %d x %d vectors of %d"
              .formatted(patches.length, prefix.length, height, width, channels));
    }
  }
}
