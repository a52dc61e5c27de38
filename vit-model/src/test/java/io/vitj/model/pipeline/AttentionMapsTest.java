package io.vitj.model.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vitj.model.Fixtures;
import io.vitj.model.ModelException;
import io.vitj.model.image.ImageRegion;
import io.vitj.model.image.RgbImage;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionMapsTest {
  private static final String DISTILLED = "timm-deit-distilled";
  private static final int PATCHES = 9;

  private static AttentionMaps load(String model) {
    return AttentionMaps.load(Fixtures.path(model));
  }

  /** Row {@code query} of matrix {@code head} in (H, T, T), without the prefix. */
  private static float[] row(String model, String tensor, int prefix, int head, int query) {
    float[] all = Features.expected(model, tensor);
    int tokens = prefix + PATCHES;
    int from = (head * tokens + query) * tokens + prefix;
    return Arrays.copyOfRange(all, from, from + PATCHES);
  }

  @ParameterizedTest
  @CsvSource({
    "timm-vit, MEAN, 0, 0, rollout.mean",
    "timm-vit, MAX, 0, 0, rollout.max",
    "timm-vit, MIN, 0, 0, rollout.min",
    "timm-vit, MEAN, 0.6, 0, rollout.mean.0.6",
    "timm-vit, MAX, 0.9, 0, rollout.max.0.9",
    "timm-vit, MEAN, 0, 1, rollout.mean.from.1",
    "timm-vit-avgpool, MEAN, 0.6, -2, rollout.mean.0.6",
    "timm-deit-distilled, MIN, 0, 0, rollout.min",
    "timm-deit-distilled, MAX, 0.9, 0, rollout.max.0.9",
  })
  void rolloutEqualsThePlainReference(
      String model, HeadFusion fusion, double discard, int first, String tensor) {
    Rollout settings =
        Rollout.DEFAULT.withFusion(fusion).withDiscard(discard).withLayers(first, -1);
    try (AttentionMaps attention = load(model)) {
      int prefix = model.equals(DISTILLED) ? 2 : 1;
      AttentionMap map = attention.rollout(Features.photo(), settings, QueryToken.CLASS);
      assertThat(map.height()).isEqualTo(3);
      assertThat(map.width()).isEqualTo(3);
      Features.assertClose(map.values(), row(model, tensor, prefix, 0, 0));
    }
  }

  @Test
  void distillationAndClassTokenAreAskedApart() {
    try (AttentionMaps attention = load(DISTILLED)) {
      List<QueryToken> tokens = attention.answering();
      assertThat(tokens).containsExactly(QueryToken.CLASS, QueryToken.DISTILLATION);
      List<AttentionMap> maps = attention.rollout(Features.photo(), Rollout.DEFAULT, tokens);
      assertThat(maps).extracting(AttentionMap::token).isEqualTo(tokens);
      Features.assertClose(maps.get(0).values(), row(DISTILLED, "rollout.mean", 2, 0, 0));
      Features.assertClose(maps.get(1).values(), row(DISTILLED, "rollout.mean", 2, 0, 1));
      HeadMaps heads = attention.heads(Features.photo(), QueryToken.DISTILLATION);
      Features.assertClose(heads.of(1, 2).values(), row(DISTILLED, "attn.1", 2, 2, 1));
    }
  }

  @Test
  void headsAreRowsOfTheSoftmax() {
    try (AttentionMaps attention = load("timm-vit")) {
      assertThat(attention.layers()).isEqualTo(2);
      assertThat(attention.heads()).isEqualTo(4);
      HeadMaps heads = attention.heads(Features.photo(), QueryToken.CLASS);
      for (int layer = 0; layer < 2; layer++) {
        for (int head = 0; head < 4; head++) {
          float[] expected = row("timm-vit", "attn." + layer, 1, head, 0);
          Features.assertClose(heads.of(layer, head).values(), expected);
          assertThat(heads.of(layer - 2, head).values()).isEqualTo(heads.of(layer, head).values());
        }
      }
    }
  }

  @Test
  void aLayersHeadsAreFused() {
    try (AttentionMaps attention = load("timm-vit")) {
      HeadMaps heads = attention.heads(Features.photo(), QueryToken.CLASS);
      for (HeadFusion fusion : HeadFusion.values()) {
        float[] fused = heads.fused(-1, fusion).values();
        for (int p = 0; p < PATCHES; p++) {
          double[] of = new double[4];
          for (int head = 0; head < 4; head++) {
            of[head] = heads.of(-1, head).values()[p];
          }
          double expected =
              switch (fusion) {
                case MEAN -> Arrays.stream(of).average().orElseThrow();
                case MAX -> Arrays.stream(of).max().orElseThrow();
                case MIN -> Arrays.stream(of).min().orElseThrow();
              };
          assertThat((double) fused[p]).isCloseTo(expected, within(0x1p-24 * expected));
        }
      }
    }
  }

  @Test
  void rawIsEveryTokensAttention() {
    try (AttentionMaps attention = load(DISTILLED)) {
      float[][][] raw = attention.raw(Features.photo(), -1);
      assertThat(raw).hasDimensions(4, 11);
      float[] flat = new float[4 * 11 * 11];
      for (int i = 0; i < 44; i++) {
        System.arraycopy(raw[i / 11][i % 11], 0, flat, i * 11, 11);
      }
      Features.assertClose(flat, Features.expected(DISTILLED, "attn.1"));
    }
  }

  /** The photo of 44×31 becomes 36×26 and loses 6 columns and 1 row on each side. */
  @ParameterizedTest
  @CsvSource({"9, 2, 0", "21, 15, 4", "34, 28, 8", "16, 20, 6"})
  void aPixelIsTracedToItsPatch(int x, int y, int patch) {
    try (AttentionMaps attention = load("timm-vit")) {
      AttentionMap map = attention.heads(Features.photo(), QueryToken.at(x, y)).of(0, 1);
      Features.assertClose(map.values(), row("timm-vit", "attn.0", 1, 1, 1 + patch));
    }
  }

  @ParameterizedTest
  @CsvSource({"6, 15", "37, 15", "20, 0", "20, 30", "-1, -1"})
  void aPixelThatTheModelDoesNotSeeIsRefused(int x, int y) {
    try (AttentionMaps attention = load("timm-vit")) {
      assertThatThrownBy(() -> attention.heads(Features.photo(), QueryToken.at(x, y)))
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith("the model does not see the pixel " + x + ',' + y)
          .hasMessageEndingWith("x 7 to 36, y 1 to 29 of it");
    }
  }

  @Test
  void theRegionIsWhatTheModelSees() {
    try (AttentionMaps attention = load("timm-vit")) {
      ImageRegion region = attention.region(Features.photo());
      double across = 44.0 / 36;
      double down = 31.0 / 26;
      assertThat(region).isEqualTo(new ImageRegion(6 * across, down, 24 * across, 24 * down));
    }
  }

  @Test
  void theAnswerComesFromThePooledTokens() {
    try (AttentionMaps token = load("timm-vit");
        AttentionMaps mean = load("timm-vit-avgpool")) {
      assertThat(token.answering()).containsExactly(QueryToken.CLASS);
      assertThat(mean.answering()).containsExactly(QueryToken.PATCHES);
    }
  }

  @Test
  void thePatchesAreAskedAlike() {
    try (AttentionMaps attention = load("timm-vit")) {
      AttentionMap mean = attention.heads(Features.photo(), QueryToken.PATCHES).of(1, 0);
      for (int p = 0; p < PATCHES; p++) {
        double sum = 0;
        for (int query = 1; query <= PATCHES; query++) {
          sum += row("timm-vit", "attn.1", 1, 0, query)[p];
        }
        assertThat((double) mean.values()[p]).isCloseTo(sum / PATCHES, within(1e-6));
      }
    }
  }

  /** The probe's heads are a layer by itself, and a rollout starts from their mean. */
  @Test
  void aPoolingByAttentionIsAskedForWhatItSees() {
    RgbImage photo = Features.photo();
    try (AttentionMaps attention = AttentionMaps.load(Fixtures.text("siglip"))) {
      assertThat(attention.answering()).containsExactly(QueryToken.PROBE);
      HeadMaps probe = attention.heads(photo, QueryToken.PROBE);
      assertThat(probe.layers()).isEqualTo(1);
      AttentionMap mean = probe.fused(-1, HeadFusion.MEAN);
      int tokens = mean.values().length; // there are none before the patches
      double[] expected = new double[tokens];
      for (int p = 0; p < tokens; p++) {
        expected[p] = mean.values()[p];
      }
      assertThat(Arrays.stream(expected).sum()).isCloseTo(1, within(1e-5));
      assertThat(probe.of(0, 0).values()).isNotEqualTo(probe.of(0, 1).values());
      for (int layer = attention.layers() - 1; layer >= 0; layer--) {
        expected = through(attention.raw(photo, layer), expected);
      }
      float[] rollout = attention.rollout(photo, Rollout.DEFAULT, QueryToken.PROBE).values();
      for (int p = 0; p < tokens; p++) {
        assertThat((double) rollout[p]).isCloseTo(expected[p], within(1e-5));
      }
      assertRefused(
          () -> attention.rollout(photo, Rollout.DEFAULT.withLayers(0, 0), QueryToken.PROBE),
          "the pooling follows the last layer");
    }
    try (AttentionMaps attention = load("timm-vit")) {
      assertRefused(
          () -> attention.heads(photo, QueryToken.PROBE), "this model does not pool by attention");
    }
  }

  /** wᵀ·(mean of heads + I)/2. */
  private static double[] through(float[][][] heads, double[] weights) {
    double[] result = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      for (int j = 0; j < weights.length; j++) {
        double mean = 0;
        for (float[][] head : heads) {
          mean += head[i][j] / heads.length;
        }
        result[j] += weights[i] * (mean + (i == j ? 1 : 0)) / 2;
      }
    }
    return result;
  }

  @Test
  void anotherInputSizeHasAnotherGrid() {
    try (AttentionMaps attention =
        AttentionMaps.builder(Fixtures.path("timm-vit")).imageSize(32, 48).build()) {
      AttentionMap map =
          attention.rollout(Features.photo(), Rollout.DEFAULT, QueryToken.at(20, 20));
      assertThat(map.height()).isEqualTo(4);
      assertThat(map.width()).isEqualTo(6);
      assertThat(map.values()).hasSize(24);
      assertThat(map.region().width() / map.region().height()).isCloseTo(1.5, within(0.05));
    }
  }

  @Test
  void anyNumberOfThreadsMakesTheSameBits() {
    RgbImage image = TestImages.random(1, 5).getFirst();
    try (AttentionMaps one = AttentionMaps.builder(Fixtures.path(DISTILLED)).threads(1).build();
        ForkJoinPool pool = new ForkJoinPool(3);
        AttentionMaps three = AttentionMaps.builder(Fixtures.path(DISTILLED)).pool(pool).build()) {
      assertThat(three.rollout(image, Rollout.DEFAULT, QueryToken.CLASS).values())
          .isEqualTo(one.rollout(image, Rollout.DEFAULT, QueryToken.CLASS).values());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, -3})
  void aLayerThatTheModelLacksIsRefused(int layer) {
    try (AttentionMaps attention = load("timm-vit")) {
      String message = "there is no layer " + layer + ": this model has 2, 0 to 1";
      Rollout settings = Rollout.DEFAULT.withLayers(0, layer);
      assertRefused(() -> attention.rollout(Features.photo(), settings, QueryToken.CLASS), message);
      assertRefused(() -> attention.raw(Features.photo(), layer), message);
      HeadMaps heads = attention.heads(Features.photo(), QueryToken.CLASS);
      assertRefused(() -> heads.of(layer, 0), message);
      assertRefused(() -> heads.fused(layer, HeadFusion.MEAN), message);
      assertRefused(() -> heads.of(0, 4), "there is no head 4: this model has 4, 0 to 3");
    }
  }

  @Test
  void whatTheModelOrThePaperLacksIsRefused() {
    assertRefused(
        () -> Rollout.DEFAULT.withDiscard(1), "the discard ratio must be at least 0 and below 1");
    assertRefused(() -> Rollout.DEFAULT.withDiscard(Double.NaN), "not NaN");
    try (AttentionMaps attention = load("timm-vit")) {
      assertRefused(
          () -> attention.heads(Features.photo(), QueryToken.DISTILLATION),
          "this model has no distillation token");
      assertRefused(
          () ->
              attention.rollout(
                  Features.photo(), Rollout.DEFAULT.withLayers(1, 0), QueryToken.CLASS),
          "not from 1 to 0");
    }
  }

  private static void assertRefused(Runnable call, String message) {
    assertThatThrownBy(call::run).isInstanceOf(ModelException.class).hasMessageContaining(message);
  }

  @Test
  void cannotBeUsedOnceClosed() {
    AttentionMaps attention = load("timm-vit");
    attention.close();
    assertThatThrownBy(() -> attention.raw(Features.photo(), 0))
        .isInstanceOf(IllegalStateException.class);
  }
}
