package io.vitj.model.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vitj.model.Fixtures;
import io.vitj.model.ModelBundle;
import io.vitj.model.Trace;
import io.vitj.model.image.RgbImage;
import io.vitj.model.pipeline.ImageEmbedder.Pooling;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.parallel.Parallel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageEmbedderTest {
  private static final List<RgbImage> IMAGES = TestImages.random(3, 2);

  @TempDir private Path directory;

  private static Map<String, Tensor> trace(Path model, RgbImage image, Arena arena) {
    try (ModelBundle bundle = ModelBundle.load(model)) {
      Shape shape = Shape.of(1, 3, bundle.preprocess().height(), bundle.preprocess().width());
      Tensor pixels = Tensor.of(arena, shape, bundle.preprocess().apply(image));
      return Trace.of(bundle.model(), pixels, Parallel.sequential(), arena);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hf-vit", "hf-vit-pooler", "timm-vit", "timm-deit-distilled"})
  void embedsTheClassTokenAfterTheLastNorm(String name) {
    Path model = Fixtures.path(name);
    try (Arena arena = Arena.ofShared();
        ImageEmbedder embedder = ImageEmbedder.load(model)) {
      float[][] vectors = embedder.embedImages(IMAGES);
      for (int i = 0; i < IMAGES.size(); i++) {
        Tensor features = trace(model, IMAGES.get(i), arena).get("features"); // (1, T, D)
        int width = features.shape().dim(2);
        Tensor tokens = features.reshape(Shape.of(features.shape().dim(1), width));
        assertThat(embedder.width()).isEqualTo(width);
        assertThat(vectors[i]).isEqualTo(tokens.slice(0, 1).toFloats());
      }
    }
  }

  @Test
  void embedsTheMeanOfThePatches() {
    Path model = Fixtures.path("timm-deit-distilled");
    int prefix = 2;
    try (Arena arena = Arena.ofShared();
        ImageEmbedder embedder = ImageEmbedder.builder(model).pooling(Pooling.MEAN).build()) {
      Tensor features = trace(model, IMAGES.getFirst(), arena).get("features"); // (1, T, D)
      float[] vector = embedder.embed(IMAGES.getFirst());
      int n = features.shape().dim(1) - prefix;
      for (int d = 0; d < vector.length; d++) {
        double sum = 0;
        double magnitude = 0;
        for (int t = prefix; t < n + prefix; t++) {
          sum += features.get(0, t, d);
          magnitude += Math.abs(features.get(0, t, d));
        }
        double bound = (n + 2) * 0x1p-24 * magnitude / n; // n − 1 additions, 1/n, a product
        assertThat((double) vector[d]).isCloseTo(sum / n, within(bound));
      }
    }
  }

  @Test
  void aModelTrainedWithMeanPoolingEmbedsThatWay() {
    Path model = Fixtures.path("timm-vit-avgpool");
    try (Arena arena = Arena.ofShared();
        ImageEmbedder embedder = ImageEmbedder.load(model)) {
      Tensor expected = trace(model, IMAGES.getFirst(), arena).get("pre_logits");
      assertThat(embedder.embed(IMAGES.getFirst())).isEqualTo(expected.toFloats());
    }
  }

  @Test
  void scalesToLengthOne() {
    Path model = Fixtures.path("timm-vit");
    try (ImageEmbedder plain = ImageEmbedder.load(model);
        ImageEmbedder unit = ImageEmbedder.builder(model).normalize(true).build()) {
      float[] vector = plain.embed(IMAGES.getFirst());
      double squares = 0;
      for (float v : vector) {
        squares += (double) v * v;
      }
      float[] scaled = unit.embed(IMAGES.getFirst());
      for (int d = 0; d < vector.length; d++) {
        double expected = vector[d] / Math.sqrt(squares);
        // float64 but for the final rounding
        assertThat((double) scaled[d]).isCloseTo(expected, within(0x1p-24));
      }
    }
  }

  @Test
  void takesFilesStreamsAndPictures() throws IOException {
    RgbImage image = IMAGES.getFirst();
    try (ImageEmbedder embedder = ImageEmbedder.load(Fixtures.path("timm-vit"))) {
      float[] expected = embedder.embed(image);
      Path file = TestImages.write(image, directory.resolve("image.png"));
      byte[] bytes = Files.readAllBytes(file);
      assertThat(embedder.embed(file)).isEqualTo(expected);
      assertThat(embedder.embedAll(List.of(file, file)))
          .isEqualTo(new float[][] {expected, expected});
      assertThat(embedder.embed(new ByteArrayInputStream(bytes))).isEqualTo(expected);
      assertThat(embedder.embed(ImageIO.read(file.toFile()))).isEqualTo(expected);
    }
  }

  @Test
  void cannotBeUsedOnceClosed() {
    Path model = Fixtures.path("timm-vit");
    ImageEmbedder embedder = ImageEmbedder.load(model);
    embedder.close();
    assertThatThrownBy(() -> embedder.embed(IMAGES.getFirst()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the pipeline of " + model + " is closed");
  }
}
