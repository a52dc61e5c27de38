package io.vitj.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.tensor.parallel.Parallel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelBundleTest {
  @TempDir private Path directory;

  /** Copies files of a case, so that one of them can be changed. */
  private void copy(String name, String... files) throws IOException {
    for (String file : files) {
      Files.copy(Fixtures.path(name).resolve(file), directory.resolve(file));
    }
  }

  @Test
  void bringsModelLabelsAndPreprocessing() {
    Path source = Fixtures.path("hf-vit");
    try (ModelBundle bundle = ModelBundle.load(source)) {
      assertThat(bundle.directory()).isEqualTo(source);
      assertThat(bundle.architecture()).isEqualTo("ViTForImageClassification");
      assertThat(bundle.labels()).hasSize(7).startsWith("thing 0");
      assertThat(bundle.model().config().classes()).isEqualTo(7);
      assertThat(bundle.preprocess().height()).isEqualTo(24);
      assertThat(bundle.preprocess().mean()).containsExactly(0.5f, 0.5f, 0.5f);
    }
  }

  @Test
  void followsTimmsDescription() {
    try (ModelBundle bundle = ModelBundle.load(Fixtures.path("timm-deit-distilled"))) {
      assertThat(bundle.preprocess().mean()).containsExactly(0.485f, 0.456f, 0.406f);
    }
  }

  @Test
  void hasDefaultsWithoutADescription() throws IOException {
    copy("hf-vit", "config.json", "model.safetensors");
    try (ModelBundle bundle = ModelBundle.load(directory)) {
      assertThat(bundle.preprocess().width()).isEqualTo(24);
    }
  }

  @Test
  void reportsPreprocessingForAnotherModelOnlyWhenItIsNeeded() throws IOException {
    copy("hf-vit", "config.json", "model.safetensors");
    Path file = directory.resolve("preprocessor_config.json");
    Files.writeString(
        file,
        "{\"image_processor_type\": \"ViTImageProcessor\", \"size\": {\"height\": 32, \"width\":"
            + " 48}}");
    try (ModelBundle bundle = ModelBundle.load(directory)) {
      assertThat(bundle.model().config().imageHeight()).isEqualTo(24);
      assertThatThrownBy(bundle::preprocess)
          .isInstanceOf(ModelException.class)
          .hasMessage(
              file
                  + ": makes images of 48×32 pixels, but the model takes 24×24; name an image size"
                  + " to run it at");
      assertThat(bundle.preprocess(48, 24)).asString().startsWith("resize to 24×48 bilinear,");
    }
  }

  @Test
  void modelsThatRunAtAnySizeFollowTheirPreprocessing() throws IOException {
    copy("hf-dinov2", "config.json", "model.safetensors");
    Path file = directory.resolve("preprocessor_config.json");
    Files.writeString(file, "{\"size\": 14, \"crop_size\": 12}");
    try (ModelBundle bundle = ModelBundle.load(directory)) {
      assertThat(bundle.model().config().imageHeight()).isEqualTo(16);
      assertThat(bundle.preprocess().height()).isEqualTo(12);
      assertThat(bundle.preprocess(24, 24))
          .asString()
          .startsWith("resize shortest edge 28 bicubic");
    }
    Files.writeString(file, "{\"crop_size\": 13}");
    try (ModelBundle bundle = ModelBundle.load(directory)) {
      assertThatThrownBy(bundle::preprocess)
          .isInstanceOf(ModelException.class)
          .hasMessage("the patch size must divide the image: patch 4, image 13 x 13");
    }
  }

  @Test
  void anotherSizeFollowsTimmsRule() {
    try (ModelBundle bundle = ModelBundle.load(Fixtures.path("timm-vit"))) {
      assertThat(bundle.preprocess(32, 40)).asString().startsWith("resize to cover 44×35 bilinear");
      assertThatThrownBy(() -> bundle.preprocess(30, 24))
          .isInstanceOf(ModelException.class)
          .hasMessage("the patch size must divide the image: patch 8, image 30 x 24");
    }
  }

  @Test
  void doesNotHoldTheCheckpointOpen() throws IOException {
    copy("hf-vit", "config.json", "model.safetensors", "preprocessor_config.json");
    try (ModelBundle bundle = ModelBundle.load(directory)) {
      for (String file : List.of("config.json", "model.safetensors")) {
        Files.write(directory.resolve(file), new byte[0]);
      }
      try (Session session = new Session(bundle.model(), Parallel.sequential(), 1)) {
        session.run();
        assertThat(session.logits().toFloats()).hasSize(7).isNotEqualTo(new float[7]);
      }
    }
  }

  @Test
  void freesTheWeightsWhenClosed() {
    ModelBundle bundle = ModelBundle.load(Fixtures.path("hf-vit"));
    bundle.close();
    try (Session session = new Session(bundle.model(), Parallel.sequential(), 1)) {
      assertThatThrownBy(session::run).isInstanceOf(IllegalStateException.class);
    }
  }
}
