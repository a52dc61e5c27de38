package io.vitj.model.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vitj.model.Fixtures;
import io.vitj.model.ModelBundle;
import io.vitj.model.ModelException;
import io.vitj.model.Session;
import io.vitj.model.image.RgbImage;
import io.vitj.tensor.parallel.Parallel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageClassifierTest {
  private static final Path MODEL = Fixtures.path("hf-vit");
  private static final int CLASSES = 7;
  private static final List<RgbImage> IMAGES = TestImages.random(7, 1);

  @TempDir private Path directory;

  @Test
  void logitsAreThoseOfTheModelOnThePreprocessedImage() {
    try (ModelBundle bundle = ModelBundle.load(MODEL);
        Session session = new Session(bundle.model(), Parallel.sequential(), 1);
        ImageClassifier classifier = ImageClassifier.load(MODEL)) {
      float[][] logits = classifier.logits(IMAGES);
      assertThat(logits).hasNumberOfRows(IMAGES.size());
      for (int i = 0; i < IMAGES.size(); i++) {
        session.input().copyFrom(bundle.preprocess().apply(IMAGES.get(i)));
        session.run();
        assertThat(logits[i]).isEqualTo(session.logits().toFloats());
      }
    }
  }

  @Test
  void runsAtAnotherSize() {
    try (ModelBundle bundle = ModelBundle.load(MODEL);
        Session session = new Session(bundle.model().at(32, 48), Parallel.sequential(), 1);
        ImageClassifier classifier = ImageClassifier.builder(MODEL).imageSize(32, 48).build()) {
      RgbImage image = IMAGES.getFirst();
      session.input().copyFrom(bundle.preprocess(32, 48).apply(image));
      session.run();
      assertThat(classifier.logits(List.of(image))[0]).isEqualTo(session.logits().toFloats());
    }
    assertThatThrownBy(() -> ImageClassifier.builder(MODEL).imageSize(32, 0))
        .isInstanceOf(ModelException.class)
        .hasMessage("image width must be at least 1, not 0");
    assertThatThrownBy(() -> ImageClassifier.builder(MODEL).imageSize(32, 44).build())
        .isInstanceOf(ModelException.class)
        .hasMessage("the patch size must divide the image: patch 8, image 32 x 44");
  }

  @Test
  void ranksTheClassesBySoftmax() {
    try (ImageClassifier classifier = ImageClassifier.load(MODEL)) {
      RgbImage image = IMAGES.getFirst();
      float[] logits = classifier.logits(List.of(image))[0];
      double sum = 0;
      for (float logit : logits) {
        sum += Math.exp(logit);
      }
      List<Classification> all = classifier.classify(image, CLASSES);
      assertThat(all).hasSize(CLASSES);
      assertThat(all).extracting(Classification::index).doesNotHaveDuplicates();
      float before = Float.POSITIVE_INFINITY;
      for (Classification c : all) {
        assertThat(c.logit()).isEqualTo(logits[c.index()]).isLessThanOrEqualTo(before);
        assertThat(c.label()).isEqualTo("thing " + c.index());
        // computed in float64, rounded to float32
        assertThat((double) c.score()).isCloseTo(Math.exp(c.logit()) / sum, within(0x1p-24));
        before = c.logit();
      }
      assertThat(classifier.classify(image, 3)).isEqualTo(all.subList(0, 3));
      assertThat(classifier.labels()).hasSize(CLASSES).startsWith("thing 0", "thing 1");
    }
  }

  @Test
  void takesFilesStreamsAndPictures() throws IOException {
    try (ImageClassifier classifier = ImageClassifier.load(MODEL)) {
      RgbImage image = IMAGES.getFirst();
      List<Classification> expected = classifier.classify(image, 5);
      Path file = TestImages.write(image, directory.resolve("image.png"));
      byte[] bytes = Files.readAllBytes(file);
      assertThat(classifier.classify(file, 5)).isEqualTo(expected);
      assertThat(classifier.classify(new ByteArrayInputStream(bytes), 5)).isEqualTo(expected);
      assertThat(classifier.classify(ImageIO.read(file.toFile()), 5)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 16})
  void aBatchHasTheSameBitsAsItsImagesAlone(int maxBatch) {
    try (ImageClassifier one = ImageClassifier.builder(MODEL).threads(1).build();
        ImageClassifier many =
            ImageClassifier.builder(MODEL).threads(3).maxBatch(maxBatch).build()) {
      List<List<Classification>> expected = new ArrayList<>();
      for (RgbImage image : IMAGES) {
        expected.add(one.classify(image, CLASSES));
      }
      assertThat(many.classifyImages(IMAGES, CLASSES)).isEqualTo(expected);
      List<Path> files = new ArrayList<>();
      for (int i = 0; i < IMAGES.size(); i++) {
        files.add(TestImages.write(IMAGES.get(i), directory.resolve(i + ".png")));
      }
      assertThat(many.classifyAll(files, CLASSES)).isEqualTo(expected);
      assertThat(many.classifyAll(List.of(), CLASSES)).isEmpty();
    }
  }

  @Test
  void isSharedByManyThreads() throws Exception {
    try (ImageClassifier classifier = ImageClassifier.builder(MODEL).threads(2).build();
        ExecutorService callers = Executors.newFixedThreadPool(8)) {
      List<List<Classification>> expected = classifier.classifyImages(IMAGES, 3);
      List<Callable<List<List<Classification>>>> calls = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        int images = 1 + i % IMAGES.size();
        calls.add(() -> classifier.classifyImages(IMAGES.subList(0, images), 3));
      }
      for (Future<List<List<Classification>>> call : callers.invokeAll(calls)) {
        assertThat(call.get()).isEqualTo(expected.subList(0, call.get().size()));
      }
    }
  }

  @Test
  void worksOnABorrowedPoolFromItsOwnThreads() throws Exception {
    try (ForkJoinPool pool = new ForkJoinPool(2)) {
      try (ImageClassifier classifier = ImageClassifier.builder(MODEL).pool(pool).build()) {
        List<List<Classification>> expected = classifier.classifyImages(IMAGES, 3);
        List<Future<List<List<Classification>>>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          calls.add(pool.submit(() -> classifier.classifyImages(IMAGES, 3)));
        }
        for (Future<List<List<Classification>>> call : calls) {
          assertThat(call.get()).isEqualTo(expected);
        }
      }
      assertThat(pool.isShutdown()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 8})
  void refusesATopKThatTheModelDoesNotHave(int topK) {
    try (ImageClassifier classifier = ImageClassifier.load(MODEL)) {
      assertThatThrownBy(() -> classifier.classifyImages(IMAGES, topK))
          .isInstanceOf(ModelException.class)
          .hasMessage("top-k must be at least 1 and at most the 7 classes, not " + topK);
    }
  }

  @Test
  void namesAnImageThatCannotBeRead() throws IOException {
    Path good = TestImages.write(IMAGES.getFirst(), directory.resolve("good.png"));
    Path empty = Files.createFile(directory.resolve("empty.png"));
    Path missing = directory.resolve("missing.png");
    try (ImageClassifier classifier = ImageClassifier.builder(MODEL).threads(2).build()) {
      for (Path bad : List.of(empty, missing)) {
        assertThatThrownBy(() -> classifier.classifyAll(List.of(good, bad, good), 1))
            .isInstanceOf(ModelException.class)
            .hasMessageStartingWith(bad.toString());
      }
      assertThat(classifier.classify(good, 1)).hasSize(1);
    }
  }

  @Test
  void refusesAnImageBeyondTheLimit() {
    Path file = TestImages.write(IMAGES.getFirst(), directory.resolve("large.png"));
    try (ImageClassifier classifier = ImageClassifier.builder(MODEL).maxPixels(100).build()) {
      assertThatThrownBy(() -> classifier.classify(file, 1))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("100 pixels");
    }
  }

  @Test
  void refusesAModelWithoutClassifier() {
    Path model = Fixtures.path("hf-vit-pooler");
    assertThatThrownBy(() -> ImageClassifier.load(model))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            model
                + ": this model has no classifier (ViTModel); embed, or name labels if it knows"
                + " texts");
  }

  @Test
  void refusesWhatIsNoModel() {
    assertThatThrownBy(() -> ImageClassifier.load(directory.resolve("absent")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("absent");
  }

  @Test
  void refusesSettingsBelowOne() {
    ImageClassifier.Builder builder = ImageClassifier.builder(MODEL);
    assertThatThrownBy(() -> builder.threads(0))
        .isInstanceOf(ModelException.class)
        .hasMessage("threads must be at least 1, not 0");
    assertThatThrownBy(() -> builder.maxBatch(-2))
        .isInstanceOf(ModelException.class)
        .hasMessage("maxBatch must be at least 1, not -2");
    assertThatThrownBy(() -> builder.maxPixels(0))
        .isInstanceOf(ModelException.class)
        .hasMessage("maxPixels must be at least 1, not 0");
  }

  @Test
  void cannotBeUsedOnceClosed() {
    ImageClassifier classifier = ImageClassifier.load(MODEL);
    classifier.close();
    classifier.close();
    assertThatThrownBy(() -> classifier.classify(IMAGES.getFirst(), 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the pipeline of " + MODEL + " is closed");
    assertThatThrownBy(() -> classifier.logits(IMAGES)).isInstanceOf(IllegalStateException.class);
  }
}
