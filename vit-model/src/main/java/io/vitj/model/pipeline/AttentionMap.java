package io.vitj.model.pipeline;

import io.vitj.model.image.ImageRegion;

/**
 * How much of a token's attention each patch of an image gets. What prefix tokens get is not part
 * of it, so the sum is at most 1 (with the heads fused by maximum it may be more).
 */
public final class AttentionMap {
  private final QueryToken token;
  private final int height;
  private final int width;
  private final float[] values;
  private final ImageRegion region;

  /**
   * Makes a map.
   *
   * @param token whose attention it is
   * @param height rows h of the patch grid
   * @param width columns w of the patch grid
   * @param values (h, w), from the upper left patch row by row; kept as they are
   * @param region the part of the picture that the grid covers
   * @throws IllegalArgumentException if values and grid do not agree
   */
  public AttentionMap(QueryToken token, int height, int width, float[] values, ImageRegion region) {
    if (height < 1 || width < 1 || values.length != height * width) {
      throw new IllegalArgumentException(
          "a grid of " + height + " x " + width + " with " + values.length + " values");
    }
    this.token = token;
    this.height = height;
    this.width = width;
    this.values = values;
    this.region = region;
  }

  /**
   * Says whose attention it is.
   *
   * @return the token
   */
  public QueryToken token() {
    return token;
  }

  /**
   * Returns the height of the patch grid.
   *
   * @return its rows h
   */
  public int height() {
    return height;
  }

  /**
   * Returns the width of the patch grid.
   *
   * @return its columns w
   */
  public int width() {
    return width;
  }

  /**
   * Returns the shares of the patches.
   *
   * @return (h, w), from the upper left patch row by row; the map's own array
   */
  public float[] values() {
    return values;
  }

  /**
   * Returns where the grid is in the picture.
   *
   * @return the part of the picture that the grid covers
   */
  public ImageRegion region() {
    return region;
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
