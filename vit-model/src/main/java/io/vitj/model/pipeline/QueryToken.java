package io.vitj.model.pipeline;

import io.vitj.model.QueryException;
import io.vitj.model.ViTConfig;
import io.vitj.model.image.ImageRegion;

/** The token whose attention is asked for: what it looked at. */
public sealed interface QueryToken {
  /** The class token, from which most models classify. */
  QueryToken CLASS = new Prefix("class token", 0);

  /** The distillation token of a distilled model. */
  QueryToken DISTILLATION = new Prefix("distillation token", 1);

  /**
   * All patches alike: the mean of what each of them looks at. For models without a class token,
   * which pool the patches.
   */
  QueryToken PATCHES = new PatchMean();

  /**
   * The learned query of a model that pools its tokens by attention (SigLIP): it follows the last
   * layer and has heads of its own.
   */
  QueryToken PROBE = new Probe();

  /**
   * The patch of the picture at a pixel.
   *
   * @param x column of the pixel in the picture as decoded, from 0
   * @param y its row, from 0
   * @return the token
   */
  static QueryToken at(int x, int y) {
    return new PatchAt(x, y);
  }

  /**
   * Says which token it is.
   *
   * @return a few words, such as {@code class token}
   */
  String label();

  /** A query that is some of the tokens of the sequence. */
  sealed interface InSequence extends QueryToken {
    /**
     * Weighs the tokens of a sequence: the attention of this query is the mean of their rows by
     * these weights.
     *
     * @param config the model
     * @param region the part of the picture that the model sees
     * @return T weights, with sum 1
     * @throws QueryException if the model has no such token
     */
    double[] weights(ViTConfig config, ImageRegion region);
  }

  /** The query of the pooling. */
  record Probe() implements QueryToken {
    @Override
    public String label() {
      return "pooling";
    }
  }

  /**
   * A token before the patches.
   *
   * @param label what it is called
   * @param index where it is in the sequence
   */
  record Prefix(String label, int index) implements InSequence {
    @Override
    public double[] weights(ViTConfig config, ImageRegion region) {
      boolean there = index == 0 ? config.classToken() : config.distillationToken();
      if (!there) {
        throw new QueryException("this model has no " + label + "; ask for a patch or their mean");
      }
      double[] weights = new double[config.tokens()];
      weights[index] = 1;
      return weights;
    }
  }

  /** The mean of all patches. */
  record PatchMean() implements InSequence {
    @Override
    public String label() {
      return "mean of patches";
    }

    @Override
    public double[] weights(ViTConfig config, ImageRegion region) {
      double[] weights = new double[config.tokens()];
      for (int t = config.prefixTokens(); t < weights.length; t++) {
        weights[t] = 1.0 / config.patches();
      }
      return weights;
    }
  }

  /**
   * The patch that a pixel of the picture falls into, through resizing and cropping.
   *
   * @param x its column
   * @param y its row
   */
  record PatchAt(int x, int y) implements InSequence {
    @Override
    public String label() {
      return "patch at " + x + ',' + y;
    }

    @Override
    public double[] weights(ViTConfig config, ImageRegion region) {
      if (!region.holds(x, y)) {
        throw new QueryException(
            "the model does not see the pixel %d,%d of this image, but %s of it"
                .formatted(x, y, region));
      }
      int column = (int) ((x + 0.5 - region.x()) / region.width() * config.gridWidth());
      int row = (int) ((y + 0.5 - region.y()) / region.height() * config.gridHeight());
      double[] weights = new double[config.tokens()];
      weights[config.prefixTokens() + row * config.gridWidth() + column] = 1;
      return weights;
    }
  }
}
