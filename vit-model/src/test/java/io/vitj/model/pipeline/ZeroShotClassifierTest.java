package io.vitj.model.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vitj.model.Fixtures;
import io.vitj.model.ModelException;
import io.vitj.model.image.RgbImage;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZeroShotClassifierTest {
  private static final List<String> LABELS = List.of("cat", "dog", "red house, old", "snow");
  private static final RgbImage IMAGE = TestImages.random(1, 1).getFirst();

  @ParameterizedTest
  @ValueSource(strings = {"clip", "siglip"})
  void scoresLabelsByTheCosineOfTheirSentences(String name) {
    Path model = Fixtures.text(name);
    try (ImageClassifier classifier =
            ZeroShotClassifier.builder(model).labels(LABELS).template("a {} photo, {}").build();
        ImageEmbedder images = ImageEmbedder.builder(model).normalize(true).build();
        TextEmbedder texts = TextEmbedder.builder(model).normalize(true).build()) {
      float[] image = images.embed(IMAGE);
      float[] logits = new float[LABELS.size()];
      double sum = 0;
      for (int i = 0; i < logits.length; i++) {
        String label = LABELS.get(i);
        float[] text = texts.embed("a " + label + " photo, " + label);
        logits[i] = texts.similarity().logit(Vectors.dot(image, text));
        sum += Math.exp(logits[i]);
      }

      List<Classification> best = classifier.classify(IMAGE, 4);

      assertThat(images.width()).isEqualTo(texts.width());
      assertThat(classifier.labels()).isEqualTo(LABELS);
      assertThat(classifier.logits(List.of(IMAGE))[0]).containsExactly(logits, within(1e-5f));
      assertThat(best).isSortedAccordingTo((a, b) -> Float.compare(b.score(), a.score()));
      for (Classification c : best) {
        double logit = logits[c.index()];
        double score =
            texts.similarity().sigmoid() ? 1 / (1 + Math.exp(-logit)) : Math.exp(logit) / sum;
        assertThat(c.label()).isEqualTo(LABELS.get(c.index()));
        assertThat(c.logit()).isCloseTo((float) logit, within(1e-5f));
        assertThat(c.score()).isCloseTo((float) score, within(1e-6f));
      }
    }
  }

  @Test
  void anImageTowerCanStillPoolAsAsked() {
    Path model = Fixtures.text("clip");
    try (ImageEmbedder token =
        ImageEmbedder.builder(model).pooling(ImageEmbedder.Pooling.CLS).build()) {
      assertThat(token.width()).isEqualTo(20);
      assertThat(token.embed(IMAGE)).hasSize(20);
    }
  }

  @Test
  void refusesWhatItCannotUse() {
    Path model = Fixtures.text("clip");
    assertThatThrownBy(() -> ZeroShotClassifier.builder(model).build())
        .isInstanceOf(ModelException.class)
        .hasMessage(model + ": name at least one label");
    assertThatThrownBy(() -> ZeroShotClassifier.builder(model).template("a photo"))
        .isInstanceOf(ModelException.class)
        .hasMessage("the template 'a photo' has no {} for the label");
    Path vit = Fixtures.path("hf-vit");
    assertThatThrownBy(() -> ZeroShotClassifier.builder(vit).labels(LABELS).build())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("'vit' has no text tower");
  }
}
