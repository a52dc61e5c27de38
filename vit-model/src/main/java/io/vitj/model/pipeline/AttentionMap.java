package io.vitj.model.pipeline;

import io.vitj.model.image.ImageRegion;

/**
 * How much of a token's attention each patch of an image gets. What prefix tokens get is not part
 * of it, so the sum is at most 1 (with the heads fused by maximum it may be more).
 *
 * @param token whose attention it is
 * @param height rows h of the patch grid
 * @param width columns w of the patch grid
 * @param values (h, w), from the upper left patch row by row; the map's own array
 * @param region the part of the picture that the grid covers
 */
public record AttentionMap(
    QueryToken token, int height, int width, float[] values, ImageRegion region) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException if values and grid do not agree
   */
  public AttentionMap {
    if (height < 1 || width < 1 || values.length != height * width) {
      throw new IllegalArgumentException(
          "a grid of " + height + " x " + width + " with " + values.length + " values");
    }
  }

  /**
   * Returns the least value.
   *
   * @return the minimum of the map
   */
  public float least() {
    float least = values[0];
    for (float value : values) {
      least = Math.min(least, value);
    }
    return least;
  }

  /**
   * Returns the greatest value.
   *
   * @return the maximum of the map
   */
  public float greatest() {
    float greatest = values[0];
    for (float value : values) {
      greatest = Math.max(greatest, value);
    }
    return greatest;
  }
}
