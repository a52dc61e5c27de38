package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifyCommandTest {
  @TempDir private Path folder;

  @Test
  void theSamplesGetTheLabelsOfTheReference() {
    Run run = Run.vit("classify", "--top-k", 3, "--format", "json", Fixtures.samples());
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    JsonNode expected = Fixtures.resource("default-model-top3.json");
    JsonNode images = Fixtures.json(run.out());
    List<String> names = new ArrayList<>();
    for (JsonNode image : images) {
      Path path = Path.of(image.get("image").asText());
      names.add(path.getFileName().toString());
      assertPredictions(image.get("predictions"), expected.get(path.getFileName().toString()));
    }
    assertThat(names).isSorted().hasSize(expected.size());
  }

  private static void assertPredictions(JsonNode actual, JsonNode expected) {
    assertThat(actual).hasSize(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i).get("index")).isEqualTo(expected.get(i).get("index"));
      assertThat(actual.get(i).get("label")).isEqualTo(expected.get(i).get("label"));
      assertThat(actual.get(i).get("logit").asDouble())
          .isCloseTo(expected.get(i).get("logit").asDouble(), within(1e-3));
      assertThat(actual.get(i).get("score").asDouble())
          .isCloseTo(expected.get(i).get("probability").asDouble(), within(2e-4));
    }
  }

  @Test
  void textShowsFivePredictionsUnlessAskedOtherwise() {
    Run run = Run.vit("classify", Fixtures.sample("ankle-boot.png"));
    assertThat(run.code()).isZero();
    assertThat(run.out().lines()).hasSize(6);
    assertThat(run.out().lines().toList().get(1)).isEqualTo(" 96.04 %  Ankle boot");
    Run one = Run.vit("classify", "--top-k", 1, Fixtures.sample("ankle-boot.png"));
    assertThat(one.out().lines()).hasSize(2);
  }

  @Test
  void csvHasARecordForEachPrediction() {
    Run run = Run.vit("classify", "--format", "csv", "--top-k", 2, Fixtures.sample("t-shirt.png"));
    assertThat(run.out().lines())
        .hasSize(3)
        .startsWith("image,rank,index,label,score,logit")
        .anyMatch(
            line -> line.startsWith(Fixtures.sample("t-shirt.png") + ",1,0,T-shirt/top,0.906"));
  }

  @Test
  void resultsDependOnNeitherBatchNorThreads() {
    Object[] one = {
      "classify", "--format", "csv", "--batch", 1, "--threads", 1, Fixtures.samples()
    };
    Object[] many = {
      "--threads", 3, "classify", "--format", "csv", "--batch", 4, Fixtures.samples()
    };
    assertThat(Run.vit(many).out()).isEqualTo(Run.vit(one).out());
  }

  @Test
  void aDashIsStandardInput() {
    byte[] image = Fixtures.bytes(Fixtures.sample("bag.png"));
    Run run = Run.with(false, image, "classify", "--top-k", 1, "-");
    assertThat(run.code()).isZero();
    assertThat(run.out().lines().toList().getFirst()).isEqualTo("-");
    assertThat(run.out()).contains("Bag");
  }

  @Test
  void oneBadImageIsReportedAndTheRestGoOn() throws IOException {
    Path empty = Files.write(folder.resolve("empty.png"), new byte[0]);
    Path missing = folder.resolve("missing.png");
    Run run =
        Run.vit(
            "classify",
            "--format",
            "json",
            "--batch",
            2,
            Fixtures.sample("bag.png"),
            empty,
            missing,
            Fixtures.sample("coat.png"));
    assertThat(run.code()).isEqualTo(1);
    assertThat(Fixtures.json(run.out())).hasSize(2);
    assertThat(run.err().lines())
        .hasSize(2)
        .satisfiesExactly(
            line -> assertThat(line).startsWith("vit: " + empty).contains("0 bytes"),
            line -> assertThat(line).startsWith("vit: " + missing).contains("no such file"));
  }

  @Test
  void anImageThatTheModelCannotTakeIsReportedAndTheRestGoOn() throws IOException {
    Path model = Fixtures.model(folder.resolve("model"));
    Files.writeString(
        model.resolve("preprocessor_config.json"),
        """
        {"image_processor_type": "ViTImageProcessor", "resample": 2, "do_resize": true,
         "size": {"max_height": 28, "max_width": 28},
         "do_center_crop": true, "crop_size": {"height": 28, "width": 28}}
        """);
    Path narrow = folder.resolve("narrow.png");
    ImageIO.write(new BufferedImage(1, 100, BufferedImage.TYPE_INT_RGB), "png", narrow.toFile());
    Path bag = Fixtures.sample("bag.png");
    Run run = Run.vit("classify", "--model", model, "--format", "json", bag, narrow, bag);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.complaint()).startsWith("vit: " + narrow + ": ").contains("1×100");
    assertThat(Fixtures.json(run.out())).hasSize(2);
  }

  @Test
  void verboseAddsTheStackTraceOfAFailure() {
    Path missing = folder.resolve("missing.png");
    assertThat(Run.vit("classify", missing).err()).doesNotContain("\tat ");
    assertThat(Run.vit("classify", "--verbose", missing).err()).contains("\tat io.vitj.cli.");
  }

  @Test
  void topKLiesBetweenOneAndTheClasses() {
    Path image = Fixtures.sample("bag.png");
    for (int k : new int[] {0, -3, 11}) {
      Run run = Run.vit("classify", "--top-k", k, image);
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.complaint()).contains("--top-k").contains(String.valueOf(k));
      assertThat(run.out()).isEmpty();
    }
    assertThat(Run.vit("classify", "--top-k", 11, image).complaint()).contains("10 classes");
    assertThat(Run.vit("classify", "--top-k", 10, image).out().lines()).hasSize(11);
  }

  @Test
  void coloursAndProgressAreForTerminals() {
    Run terminal = Run.with(true, new byte[0], "classify", "--batch", 2, Fixtures.samples());
    assertThat(terminal.out()).contains("\u001b[1m").contains("\u001b[32m");
    assertThat(terminal.err()).contains("/10").contains("ETA").endsWith("\r\u001b[K");
    Run file = Run.vit("classify", Fixtures.samples());
    assertThat(file.out()).doesNotContain("\u001b");
    assertThat(file.err()).isEmpty();
    assertThat(terminal.out().replaceAll("\u001b\\[\\d*m", "")).isEqualTo(file.out());
  }

  @Test
  void aFolderWithoutImagesIsAnError() {
    Run run = Run.vit("classify", folder);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.complaint())
        .isEqualTo("vit: " + folder + ": no image in this folder or below it");
  }

  @Test
  void anImageIsNeeded() {
    Run run = Run.vit("classify");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.complaint()).contains("IMAGE");
  }
}
