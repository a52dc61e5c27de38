package io.vitj.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vitj.model.Rotary.Coordinates;
import io.vitj.model.ViTConfig.MlpKind;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.ViTConfig.QkvBias;
import io.vitj.model.image.GridResampling;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.Activation;
import io.vitj.tensor.parallel.Parallel;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class VisionTransformerTest {
  private static ViTConfigBuilder small() {
    return ViTConfig.builder()
        .imageHeight(12)
        .imageWidth(20)
        .patch(4)
        .width(40)
        .depth(2)
        .heads(2)
        .mlpHidden(67)
        .classes(5)
        .activation(Activation.GELU_TANH);
  }

  static Stream<Named<ViTConfig>> architectures() {
    return Stream.of(
        named("ViT", small()),
        named("one channel, no biases", small().channels(1).patchBias(false).qkvBias(false)),
        named("no class token", small().classToken(false).pooling(Pooling.AVG)),
        named(
            "norm after pooling",
            small().pooling(Pooling.AVG).finalNorm(false).fcNorm(true).registerTokens(2)),
        named("DeiT III", small().positions(Positions.PATCHES_ONLY).layerScale(true)),
        named(
            "DINOv2 with registers",
            small()
                .positions(Positions.PATCHES_ONLY)
                .registerTokens(4)
                .layerScale(true)
                .classes(0)),
        named("CLIP", small().preNorm(true).patchBias(false).activation(Activation.QUICK_GELU)),
        named(
            "DINOv2 with registers, as its authors store it",
            small().positions(Positions.ALL_BUT_REGISTERS).registerTokens(4).classes(0)),
        named("token and mean", small().pooling(Pooling.TOKEN_AND_AVG).registerTokens(3)),
        named("projection", small().projectionWidth(24).classes(0)),
        named("pooler", small().poolerWidth(24).classes(0)),
        named("pooler and head", small().poolerWidth(24)),
        named("DeiT distilled", small().distillationToken(true).distilledHead(true)),
        named("no positions", small().positions(Positions.NONE)),
        named("gates", small().mlpKind(MlpKind.SWIGLU)),
        named(
            "EVA-02",
            rotating(Coordinates.INDEX, true).mlpKind(MlpKind.SWIGLU_APART).mlpNorm(true)),
        named("inner norms", small().attentionNorm(true).mlpNorm(true).layerScale(true)),
        named("DINOv3", rotating(Coordinates.CENTRE, false).registerTokens(4).layerScale(true)),
        named("BEiT", relative(false).pooling(Pooling.AVG)),
        named("BEiT before fine-tuning", relative(true).classes(0)),
        named("SigLIP", small().classToken(false).pooling(Pooling.ATTENTION).classes(0)),
        named(
            "SigLIP with a classifier",
            small().imageHeight(15).classToken(false).pooling(Pooling.ATTENTION)));
  }

  private static ViTConfigBuilder rotating(Coordinates coordinates, boolean interleaved) {
    return small()
        .rotary(new Rotary(coordinates, 100, 4, 4, interleaved))
        .qkvBias(interleaved ? QkvBias.QUERY_AND_VALUE : QkvBias.ALL);
  }

  private static ViTConfigBuilder relative(boolean shared) {
    return small()
        .positions(Positions.NONE)
        .qkvBias(QkvBias.QUERY_AND_VALUE)
        .relativePositions(new RelativePositions(shared, RelativePositions.Resampling.BILINEAR));
  }

  private static Named<ViTConfig> named(String name, ViTConfigBuilder builder) {
    return Named.of(name, builder.build());
  }

  private static Tensor output(Session session, ViTConfig config) {
    if (config.projectionWidth() > 0) {
      return session.projected();
    }
    return config.classes() > 0 ? session.logits() : session.preLogits();
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void equalsTheReference(ViTConfig config) {
    ViTWeights weights = new TestWeights(config, 1);
    try (Arena arena = Arena.ofShared();
        Session session =
            new Session(VisionTransformer.of(weights, arena), Parallel.sequential(), 2)) {
      float[] pixels = TestWeights.pixels(config, 2, 2);
      session.input().copyFrom(pixels);
      session.run();
      Tensor output = output(session, config);
      for (int b = 0; b < 2; b++) {
        float[] image = new float[pixels.length / 2];
        System.arraycopy(pixels, b * image.length, image, 0, image.length);
        double[] expected = new ReferenceTransformer(weights).forward(image);
        float[] actual = output.slice(b, 1).toFloats();
        assertThat(actual).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
          // 2 blocks of 4 sums each over up to 67 terms, errors of u = 2⁻²⁴ growing like √n, on
          // values
          // of magnitude up to 4: 8·√67·u·4 = 1.6e-5.
          assertThat((double) actual[i]).isCloseTo(expected[i], within(1.6e-5));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void aTraceHasTheSameBitsAsAPlainRun(ViTConfig config) {
    try (Arena arena = Arena.ofShared()) {
      VisionTransformer model = VisionTransformer.of(new TestWeights(config, 3), arena);
      Shape shape = Shape.of(2, config.channels(), config.imageHeight(), config.imageWidth());
      Tensor pixels = Tensor.of(arena, shape, TestWeights.pixels(config, 2, 4));

      Map<String, Tensor> trace = Trace.of(model, pixels, Parallel.sequential(), arena);

      try (Session session = new Session(model, Parallel.sequential(), 2)) {
        session.input().copyFrom(pixels);
        session.run();
        assertThat(trace.get("pre_logits").toFloats()).isEqualTo(session.preLogits().toFloats());
        if (config.classes() > 0) {
          assertThat(trace.get("logits").toFloats()).isEqualTo(session.logits().toFloats());
        }
      }
    }
  }

  @Test
  void namesEveryOutput() {
    assertThat(trace(small().distillationToken(true).distilledHead(true).build()))
        .containsOnlyKeys(
            "embeddings",
            "attn.0",
            "block.0",
            "attn.1",
            "block.1",
            "features",
            "pre_logits",
            "cls_logits",
            "distillation_logits",
            "logits");
    assertThat(trace(small().classes(0).poolerWidth(24).depth(1).build()))
        .containsOnlyKeys(
            "embeddings",
            "attn.0",
            "block.0",
            "features",
            "last_hidden_state",
            "pre_logits",
            "pooler_output");
    assertThat(trace(small().classes(0).depth(1).build()))
        .containsOnlyKeys(
            "embeddings",
            "attn.0",
            "block.0",
            "features",
            "last_hidden_state",
            "pre_logits",
            "pooler_output",
            "embedding");
    assertThat(trace(small().classes(0).depth(1).projectionWidth(7).build()))
        .containsOnlyKeys(
            "embeddings",
            "attn.0",
            "block.0",
            "features",
            "last_hidden_state",
            "pre_logits",
            "pooler_output",
            "image_embeds");
    assertThat(trace(small().classes(0).depth(1).pooling(Pooling.NONE).build()))
        .containsOnlyKeys("embeddings", "attn.0", "block.0", "features", "last_hidden_state");
  }

  private static Map<String, Tensor> trace(ViTConfig config) {
    try (Arena arena = Arena.ofShared()) {
      VisionTransformer model = VisionTransformer.of(new TestWeights(config, 3), arena);
      Shape shape = Shape.of(1, config.channels(), config.imageHeight(), config.imageWidth());
      return Trace.of(model, Tensor.allocate(arena, shape), Parallel.sequential(), arena);
    }
  }

  @Test
  void attentionRowsAreProbabilities() {
    ViTConfig config = small().build();
    try (Arena arena = Arena.ofShared()) {
      VisionTransformer model = VisionTransformer.of(new TestWeights(config, 3), arena);
      Tensor pixels = Tensor.of(arena, Shape.of(1, 3, 12, 20), TestWeights.pixels(config, 1, 4));
      Tensor attention = Trace.of(model, pixels, Parallel.sequential(), arena).get("attn.1");
      assertThat(attention.shape()).isEqualTo(Shape.of(1, 2, 16, 16));
      for (int head = 0; head < 2; head++) {
        for (int query = 0; query < 16; query++) {
          double sum = 0;
          for (int key = 0; key < 16; key++) {
            sum += attention.get(0, head, query, key);
          }
          assertThat(sum).isCloseTo(1, within(16 * 0x1p-24)); // 16 terms of at most 1, each rounded
        }
      }
    }
  }

  /** A model at another size is the model whose checkpoint holds the resampled positions. */
  @ParameterizedTest
  @EnumSource(GridResampling.class)
  void runsAtAnotherSizeOnTheSameWeights(GridResampling rule) {
    ViTConfig config = small().positionResampling(rule).build();
    ViTConfig other = small().imageHeight(20).imageWidth(8).build();
    ViTWeights weights = new TestWeights(config, 5);
    ViTWeights resampled =
        new ViTWeights() {
          @Override
          public ViTConfig config() {
            return other;
          }

          @Override
          public Tensor get(String name, Arena arena) {
            Tensor stored = weights.get(name, arena);
            if (!name.equals("pos_embed")) {
              return stored;
            }
            float[] all = stored.toFloats();
            int width = config.width();
            float[] grid = Arrays.copyOfRange(all, width, all.length);
            float[] positions = Arrays.copyOf(all, (1 + 5 * 2) * width);
            System.arraycopy(
                rule.resample(grid, 3, 5, 5, 2), 0, positions, width, positions.length - width);
            return Tensor.of(arena, Shape.of(1, 11, width), positions);
          }
        };
    try (Arena arena = Arena.ofShared()) {
      VisionTransformer model = VisionTransformer.of(weights, arena);
      Tensor pixels = Tensor.of(arena, Shape.of(1, 3, 20, 8), TestWeights.pixels(other, 1, 6));

      VisionTransformer sized = model.at(20, 8);

      assertThat(sized.config()).isEqualTo(config.at(20, 8));
      assertThat(sized.config().parameters()).isEqualTo(config.parameters());
      assertThat(embed(sized, pixels))
          .isEqualTo(embed(VisionTransformer.of(resampled, arena), pixels));
      assertThat(sized.at(12, 20).config()).isEqualTo(config);
      assertThat(model.at(12, 20)).isSameAs(model);
      assertThatThrownBy(() -> model.at(20, 9))
          .isInstanceOf(ModelException.class)
          .hasMessage("the patch size must divide the image: patch 4, image 20 x 9");
    }
  }

  @Test
  void embedsWithAnotherPoolingOnTheSameWeights() {
    ViTConfig config = small().build();
    try (Arena arena = Arena.ofShared()) {
      VisionTransformer model = VisionTransformer.of(new TestWeights(config, 5), arena);
      Tensor pixels = Tensor.of(arena, Shape.of(1, 3, 12, 20), TestWeights.pixels(config, 1, 6));
      Tensor features = Trace.of(model, pixels, Parallel.sequential(), arena).get("features");

      float[] token = embed(model.embedder(Pooling.TOKEN), pixels);
      float[] mean = embed(model.embedder(Pooling.AVG), pixels);

      for (int d = 0; d < config.width(); d++) {
        assertThat(token[d]).isEqualTo(features.get(0, 0, d));
        double sum = 0;
        double magnitude = 0;
        for (int t = 1; t < config.tokens(); t++) {
          sum += features.get(0, t, d);
          magnitude += Math.abs(features.get(0, t, d));
        }
        int n = config.patches();
        double bound = (n + 2) * 0x1p-24 * magnitude / n; // n − 1 additions, 1/n, a product
        assertThat((double) mean[d]).isCloseTo(sum / n, within(bound));
      }
    }
  }

  private static float[] embed(VisionTransformer model, Tensor pixels) {
    try (Session session = new Session(model, Parallel.sequential(), 1)) {
      session.input().copyFrom(pixels);
      session.run();
      return session.preLogits().toFloats();
    }
  }

  @Test
  void refusesToPoolAClassTokenThatIsNotThere() {
    ViTConfig config = small().classToken(false).pooling(Pooling.AVG).build();
    try (Arena arena = Arena.ofShared()) {
      VisionTransformer model = VisionTransformer.of(new TestWeights(config, 5), arena);
      assertThatThrownBy(() -> model.embedder(Pooling.TOKEN))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("class token");
    }
  }

  @Test
  void refusesPixelsOfAnotherShape() {
    ViTConfig config = small().build();
    try (Arena arena = Arena.ofShared()) {
      VisionTransformer model = VisionTransformer.of(new TestWeights(config, 5), arena);
      for (Shape wrong : new Shape[] {Shape.of(1, 1, 12, 20), Shape.of(3, 12, 20)}) {
        Tensor pixels = Tensor.allocate(arena, wrong);
        assertThatThrownBy(() -> Trace.of(model, pixels, Parallel.sequential(), arena))
            .isInstanceOf(ModelException.class)
            .hasMessage("pixel_values is " + wrong + ", but this model takes (B, 3, H, W)");
      }
      Tensor uneven = Tensor.allocate(arena, Shape.of(1, 3, 12, 22));
      assertThatThrownBy(() -> Trace.of(model, uneven, Parallel.sequential(), arena))
          .isInstanceOf(ModelException.class)
          .hasMessage("the patch size must divide the image: patch 4, image 12 x 22");
    }
  }
}
