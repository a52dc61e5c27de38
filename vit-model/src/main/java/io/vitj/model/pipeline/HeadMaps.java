package io.vitj.model.pipeline;

import io.vitj.model.ViTConfig;
import io.vitj.model.image.ImageRegion;
import java.util.Arrays;
import java.util.List;

/** What a token of an image looked at in each head of each layer. */
public final class HeadMaps {
  private final QueryToken token;
  private final ViTConfig config;
  private final ImageRegion region;
  private final List<float[]> layers; // (H, N) each

  HeadMaps(QueryToken token, ViTConfig config, ImageRegion region, List<float[]> layers) {
    this.token = token;
    this.config = config;
    this.region = region;
    this.layers = layers;
  }

  /**
   * Returns the number of layers.
   *
   * @return the layers of the model; 1 for {@link QueryToken#PROBE}, which is a layer by itself
   */
  public int layers() {
    return layers.size();
  }

  /**
   * Returns the map of one head.
   *
   * @param layer its layer; a negative number counts from the end, −1 being the last
   * @param head its number, from 0
   * @return a copy
   * @throws io.vitj.model.ModelException if the model has no such layer or head
   */
  public AttentionMap of(int layer, int head) {
    float[] rows = layers.get(Indices.of("layer", layer, layers()));
    int first = Indices.of("head", head, config.heads()) * config.patches();
    return map(Arrays.copyOfRange(rows, first, first + config.patches()));
  }

  /**
   * Returns the map of a layer.
   *
   * @param layer the layer; a negative number counts from the end, −1 being the last
   * @param fusion how its heads become one
   * @return the map
   * @throws io.vitj.model.ModelException if the model has no such layer
   */
  public AttentionMap fused(int layer, HeadFusion fusion) {
    float[] rows = layers.get(Indices.of("layer", layer, layers()));
    float[] fused = new float[config.patches()];
    fusion.fuse(rows, fused.length, fused, 0);
    return map(fused);
  }

  private AttentionMap map(float[] values) {
    return new AttentionMap(token, config.gridHeight(), config.gridWidth(), values, region);
  }
}
