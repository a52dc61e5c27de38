package io.vitj.cli;

import io.vitj.cli.AttentionResult.Axes;
import io.vitj.cli.AttentionResult.Shown;
import io.vitj.model.image.RgbImage;
import io.vitj.model.pipeline.AttentionMap;
import io.vitj.model.pipeline.AttentionMaps;
import io.vitj.model.pipeline.HeadFusion;
import io.vitj.model.pipeline.HeadMaps;
import io.vitj.model.pipeline.QueryToken;
import io.vitj.model.pipeline.Rollout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Asks for the attention of some tokens, and says what each map is.
 *
 * @param attention the model
 * @param photo the image
 * @param tokens the tokens
 */
record AttentionQuery(AttentionMaps attention, RgbImage photo, List<QueryToken> tokens) {
  /**
   * Follows the attention through the layers.
   *
   * @param settings how
   * @return a map a token
   */
  AttentionResult rollout(Rollout settings) {
    int first = layer(settings.firstLayer());
    int last = layer(settings.lastLayer());
    String title =
        "attention rollout, layers %d–%d, %s of heads".formatted(first, last, settings.fusion());
    List<Shown> shown = new ArrayList<>();
    for (AttentionMap map : attention.rollout(photo, settings, tokens)) {
      shown.add(new Shown(map.token().label(), last, null, map));
    }
    return result(title, new Axes(tokens.size(), 1, 1), shown);
  }

  /**
   * Takes one layer.
   *
   * @param layer the layer
   * @param fusion how its heads become one
   * @return a map a token
   */
  AttentionResult fused(int layer, HeadFusion fusion) {
    List<Shown> shown = new ArrayList<>();
    for (HeadMaps maps : attention.heads(photo, tokens)) {
      AttentionMap map = maps.fused(layer, fusion);
      shown.add(new Shown(map.token().label(), fromStart(layer, maps.layers()), null, map));
    }
    return perToken("%s of heads".formatted(fusion), shown);
  }

  /**
   * Takes one head.
   *
   * @param layer its layer
   * @param head its number
   * @return a map a token
   */
  AttentionResult head(int layer, int head) {
    int number = fromStart(head, attention.heads());
    List<Shown> shown = new ArrayList<>();
    for (HeadMaps maps : attention.heads(photo, tokens)) {
      AttentionMap map = maps.of(layer, head);
      shown.add(new Shown(map.token().label(), fromStart(layer, maps.layers()), number, map));
    }
    return perToken("head " + number, shown);
  }

  private AttentionResult perToken(String title, List<Shown> shown) {
    Shown first = shown.getFirst();
    return result(
        place(first.map().token(), first.layer()) + title, new Axes(tokens.size(), 1, 1), shown);
  }

  /** The pooling is a layer by itself, which needs no number. */
  private static String place(QueryToken token, int layer) {
    return token.equals(QueryToken.PROBE) ? "" : "layer " + layer + ", ";
  }

  /**
   * Takes all heads.
   *
   * @param layer of this layer; null for all layers
   * @return a map a head of each layer of each token
   */
  AttentionResult grid(Integer layer) {
    List<Shown> shown = new ArrayList<>();
    int layers = 1;
    for (HeadMaps maps : attention.heads(photo, tokens)) {
      layers = layer == null ? maps.layers() : 1;
      int first = layer == null ? 0 : layer;
      for (int index = first; index < first + layers; index++) {
        for (int head = 0; head < attention.heads(); head++) {
          AttentionMap map = maps.of(index, head);
          int number = fromStart(index, maps.layers());
          String caption = place(map.token(), number) + "head " + head;
          shown.add(new Shown(caption, number, head, map));
        }
      }
    }
    String labels = tokens.stream().map(QueryToken::label).collect(Collectors.joining(", then "));
    return result(
        labels + ": all heads", new Axes(tokens.size(), layers, attention.heads()), shown);
  }

  private AttentionResult result(String title, Axes axes, List<Shown> shown) {
    return new AttentionResult(title, photo, attention.view(photo), axes, shown);
  }

  private int layer(int index) {
    return fromStart(index, attention.layers());
  }

  private static int fromStart(int index, int count) {
    return index < 0 ? index + count : index;
  }
}
