package io.vitj.model.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitj.model.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Trained models on photos against what the reference says, where the shared folder has them. */
class TrainedModelsTest {
  /**
   * One model with its answers.
   *
   * @param model the directory of the model
   * @param expected what the reference says, by file name
   * @param photos the directory of the photos
   */
  private record Case(Path model, Path expected, Path photos) {
    static Case of(String model, String expected, String photos) {
      Path directory = Goldens.SHARED.resolve("models").resolve(model);
      return new Case(directory, directory.resolve(expected), Goldens.SHARED.resolve(photos));
    }
  }

  @TestFactory
  Stream<DynamicTest> namesWhatTheReferenceNames() {
    return Stream.of(
            Case.of("vit-tiny-200", "expected_top5.json", "photos"),
            Case.of("vit-fashion-mnist", "expected_top3.json", "photos/fashion"))
        .filter(c -> Files.exists(c.expected))
        .map(c -> DynamicTest.dynamicTest(c.model.getFileName().toString(), () -> check(c)));
  }

  private static void check(Case c) throws IOException {
    JsonNode expected = new ObjectMapper().readTree(c.expected.toFile());
    assertThat(expected.size()).isPositive();
    try (ImageClassifier classifier = ImageClassifier.load(c.model)) {
      for (Map.Entry<String, JsonNode> photo : expected.properties()) {
        JsonNode top = photo.getValue();
        List<Classification> actual =
            classifier.classify(c.photos.resolve(photo.getKey()), top.size());
        // JPEG decoders differ by a few levels a sample.
        double tolerance = photo.getKey().endsWith(".jpg") ? 0.01 : 0.002;
        for (int i = 0; i < top.size(); i++) {
          assertThat(actual.get(i).label())
              .as("%s, rank %d", photo.getKey(), i + 1)
              .isEqualTo(top.path(i).path("label").asText());
          assertThat((double) actual.get(i).score())
              .as("%s, rank %d", photo.getKey(), i + 1)
              .isCloseTo(top.path(i).path("probability").asDouble(), within(tolerance));
        }
      }
    }
  }
}
