package io.vitj.cli;

import io.vitj.model.image.RgbImage;
import io.vitj.model.pipeline.AttentionMap;
import java.util.List;

/**
 * The maps that {@code vit attention} was asked for.
 *
 * @param title what they are, in a line
 * @param photo the image as decoded
 * @param view the image as the model sees it
 * @param axes how many tokens, layers and heads there are; the maps are in this order
 * @param maps the maps
 */
record AttentionResult(String title, RgbImage photo, RgbImage view, Axes axes, List<Shown> maps) {
  /**
   * The extents of a result.
   *
   * @param tokens the tokens that were asked
   * @param layers the layers of each
   * @param heads the heads of each layer, if they are apart
   */
  record Axes(int tokens, int layers, int heads) {}

  /**
   * One of the maps.
   *
   * @param caption what it is among the others
   * @param layer its layer, the last one of a rollout
   * @param head its head; null where heads are fused
   * @param map the map
   */
  record Shown(String caption, int layer, Integer head, AttentionMap map) {}
}
