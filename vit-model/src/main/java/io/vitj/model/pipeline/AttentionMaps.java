package io.vitj.model.pipeline;

import io.vitj.model.ModelBundle;
import io.vitj.model.ModelException;
import io.vitj.model.QueryException;
import io.vitj.model.Session;
import io.vitj.model.ViTConfig;
import io.vitj.model.image.ImageDecoder;
import io.vitj.model.image.ImageRegion;
import io.vitj.model.image.RgbImage;
import io.vitj.nn.Observer;
import io.vitj.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Says what a model looked at.
 *
 * <pre>{@code
 * try (AttentionMaps attention = AttentionMaps.load(Path.of("vit-base-patch16-224"))) {
 *   RgbImage photo = attention.decode(Path.of("cat.jpg"));
 *   AttentionMap map = attention.rollout(photo, Rollout.DEFAULT, QueryToken.CLASS);
 *   AttentionMap head = attention.heads(photo, QueryToken.CLASS).of(-1, 3);
 * }
 * }</pre>
 *
 * <p>{@code io.vitj.model.draw} makes pictures of the maps.
 *
 * <p>Immutable and thread-safe: load one, share it, close it in the end. The result for an image
 * does not depend on the number of threads. Each call is one inference, and keeps no more than what
 * it was asked for; a rollout keeps one (T, T) matrix of single precision for each of its layers.
 *
 * <p>All methods throw a {@link QueryException}, with one line for the user, for a layer, head or
 * token that the model does not have; and an {@link IllegalStateException} after {@link #close}.
 */
public final class AttentionMaps implements AutoCloseable {
  private static final double[] ONE_QUERY = {1};

  private final Pipeline pipeline;
  private final ViTConfig config;

  private AttentionMaps(Pipeline pipeline) {
    this.pipeline = pipeline;
    config = pipeline.config();
  }

  /**
   * Loads a model with all defaults.
   *
   * @param model its directory: config.json, model.safetensors, preprocessor_config.json
   * @return its attention
   * @throws ModelException if the model cannot be loaded
   */
  public static AttentionMaps load(Path model) {
    return builder(model).build();
  }

  /**
   * Starts with a model and default settings.
   *
   * @param model its directory: config.json, model.safetensors, preprocessor_config.json
   * @return a builder
   */
  public static Builder builder(Path model) {
    return new Builder(model);
  }

  /** Settings. */
  public static final class Builder extends PipelineBuilder<Builder> {
    private Builder(Path model) {
      super(model);
    }

    /**
     * Loads the model.
     *
     * @return its attention
     * @throws ModelException if the model cannot be loaded
     */
    public AttentionMaps build() {
      return build(
          Session.Detail.ATTENTION,
          ModelBundle::model,
          (pipeline, bundle) -> new AttentionMaps(pipeline));
    }
  }

  /**
   * Returns the number of layers.
   *
   * @return the encoder blocks of the model
   */
  public int layers() {
    return config.depth();
  }

  /**
   * Returns the number of heads.
   *
   * @return the attention heads of each layer
   */
  public int heads() {
    return config.heads();
  }

  /**
   * Returns the tokens that the model's answer comes from: the class token, and in a distilled
   * model the distillation token too; the probe of a pooling by attention; the mean of the patches
   * where that is pooled, or where there is no class token.
   *
   * @return the tokens whose maps say what the answer rests on
   */
  public List<QueryToken> answering() {
    if (config.pooling() == ViTConfig.Pooling.ATTENTION) {
      return List.of(QueryToken.PROBE);
    }
    if (config.pooling() == ViTConfig.Pooling.AVG || !config.classToken()) {
      return List.of(QueryToken.PATCHES);
    }
    return config.distillationToken()
        ? List.of(QueryToken.CLASS, QueryToken.DISTILLATION)
        : List.of(QueryToken.CLASS);
  }

  /**
   * Decodes an image file.
   *
   * @param image a file of any supported format
   * @return the picture, within the limits of the builder
   * @throws ModelException if it cannot be decoded
   */
  public RgbImage decode(Path image) {
    return ImageDecoder.decode(image, pipeline.limits());
  }

  /**
   * Finds the part of a picture that the model sees.
   *
   * @param image of any size
   * @return the region, which may reach beyond the picture where the model sees padding
   */
  public ImageRegion region(RgbImage image) {
    return pipeline.preprocess().region(image.width(), image.height());
  }

  /**
   * Shows a picture as the model sees it: resized and cropped, before normalising.
   *
   * @param image of any size
   * @return its {@link #region}, in the size of the model's input
   */
  public RgbImage view(RgbImage image) {
    return pipeline.preprocess().view(image);
  }

  /**
   * Follows the attention of a token back through the layers to the patches.
   *
   * @param image of any size
   * @param settings how
   * @param token whose attention
   * @return its map
   */
  public AttentionMap rollout(RgbImage image, Rollout settings, QueryToken token) {
    return rollout(image, settings, List.of(token)).getFirst();
  }

  /**
   * Follows the attention of several tokens back through the layers to the patches, in one
   * inference.
   *
   * @param image of any size
   * @param settings how
   * @param tokens whose attention
   * @return a map for each
   */
  public List<AttentionMap> rollout(RgbImage image, Rollout settings, List<QueryToken> tokens) {
    int first = layer(settings.firstLayer());
    int last = layer(settings.lastLayer());
    if (first > last) {
      throw new QueryException(
          "a rollout goes from a layer to the same or a later one, not from "
              + first
              + " to "
              + last);
    }
    ImageRegion region = region(image);
    Map<QueryToken, double[]> weights = weights(tokens, region);
    if (tokens.contains(QueryToken.PROBE) && last != config.depth() - 1) {
      throw new QueryException("the pooling follows the last layer; a rollout from it goes there");
    }
    List<float[]> factors = new ArrayList<>();
    observe(
        image,
        new Observer() {
          @Override
          public void attention(int layer, Tensor probabilities) {
            if (layer >= first && layer <= last) {
              float[] fused = AttentionRows.fused(probabilities, settings.fusion());
              settings.augment(fused, config.tokens(), config.classToken());
              factors.add(fused);
            }
          }

          @Override
          public void pooling(Tensor probabilities) {
            float[] row = AttentionRows.fused(probabilities, settings.fusion());
            weights.replace(QueryToken.PROBE, Rollout.normalised(row));
          }
        });
    return tokens.stream().map(t -> map(t, region, factors, weights.get(t))).toList();
  }

  private AttentionMap map(
      QueryToken token, ImageRegion region, List<float[]> factors, double[] weights) {
    double[] row = Rollout.product(factors, weights);
    float[] values = new float[config.patches()];
    for (int p = 0; p < values.length; p++) {
      values[p] = (float) row[config.prefixTokens() + p];
    }
    return new AttentionMap(token, config.gridHeight(), config.gridWidth(), values, region);
  }

  /**
   * Returns what a token looks at in every head of every layer: the softmax as it is, without the
   * residual.
   *
   * @param image of any size
   * @param token whose attention
   * @return its maps
   */
  public HeadMaps heads(RgbImage image, QueryToken token) {
    return heads(image, List.of(token)).getFirst();
  }

  /**
   * Returns what several tokens look at in every head of every layer, in one inference.
   *
   * @param image of any size
   * @param tokens whose attention
   * @return the maps of each
   */
  public List<HeadMaps> heads(RgbImage image, List<QueryToken> tokens) {
    ImageRegion region = region(image);
    Map<QueryToken, double[]> weights = weights(tokens, region);
    Map<QueryToken, List<float[]>> layers = new HashMap<>(); // (H, N) each
    tokens.forEach(token -> layers.put(token, new ArrayList<>()));
    observe(
        image,
        new Observer() {
          @Override
          public void attention(int layer, Tensor probabilities) {
            weights.forEach((token, w) -> keep(token, w, probabilities));
          }

          @Override
          public void pooling(Tensor probabilities) {
            if (weights.containsKey(QueryToken.PROBE)) {
              layers.get(QueryToken.PROBE).add(rows(probabilities, ONE_QUERY));
            }
          }

          private void keep(QueryToken token, double[] w, Tensor probabilities) {
            if (!token.equals(QueryToken.PROBE)) {
              layers.get(token).add(rows(probabilities, w));
            }
          }
        });
    return tokens.stream()
        .map(token -> new HeadMaps(token, config, region, layers.get(token)))
        .toList();
  }

  private float[] rows(Tensor probabilities, double[] weights) {
    return AttentionRows.weighted(probabilities, weights, config.prefixTokens());
  }

  /**
   * Returns the attention of a layer between all tokens. The tokens are [class, distillation,
   * registers…, patches…], as far as each is present.
   *
   * @param image of any size
   * @param layer the layer; a negative number counts from the end, −1 being the last
   * @return (H, T, T): by head, the token that looks, and the token looked at; each row is a
   *     softmax
   */
  public float[][][] raw(RgbImage image, int layer) {
    int wanted = layer(layer);
    float[][][] raw = new float[config.heads()][][];
    observe(
        image,
        new Observer() {
          @Override
          public void attention(int index, Tensor probabilities) {
            for (int h = 0; index == wanted && h < raw.length; h++) {
              raw[h] = AttentionRows.matrix(probabilities, h);
            }
          }
        });
    return raw;
  }

  private int layer(int index) {
    return Indices.of("layer", index, config.depth());
  }

  /** The weights of each query; those of a probe are not known before the inference. */
  private Map<QueryToken, double[]> weights(List<QueryToken> tokens, ImageRegion region) {
    Map<QueryToken, double[]> weights = new HashMap<>();
    for (QueryToken token : tokens) {
      switch (token) {
        case QueryToken.InSequence some -> weights.put(token, some.weights(config, region));
        case QueryToken.Probe probe -> {
          if (config.pooling() != ViTConfig.Pooling.ATTENTION) {
            throw new QueryException(
                "this model does not pool by attention; ask for a token or the patches");
          }
          weights.put(probe, ONE_QUERY);
        }
      }
    }
    return weights;
  }

  private void observe(RgbImage image, Observer observer) {
    pipeline.compute(
        List.of(image),
        Function.identity(),
        session -> {
          session.run(observer);
          return List.of();
        });
  }

  /** Frees all memory. Waits for calls that run in other threads. */
  @Override
  public void close() {
    pipeline.close();
  }
}
