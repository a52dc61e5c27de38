package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes that the person names, for a model with a text tower. */
class ZeroShotTest {
  private static final Path CLIP = Fixtures.withText("clip");
  private static final Path IMAGE = Fixtures.sample("bag.png");

  @TempDir private Path folder;

  private static Run classify(Object... options) {
    Object[] line = new Object[options.length + 4];
    line[0] = "classify";
    line[1] = "--model";
    line[2] = CLIP;
    System.arraycopy(options, 0, line, 3, options.length);
    line[line.length - 1] = IMAGE;
    return Run.vit(line);
  }

  @Test
  void scoresTheLabelsOfTheCommandLine() {
    Run run = classify("--format", "json", "--labels", "a cat, two dogs,snow");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    JsonNode predictions = Fixtures.json(run.out()).path(0).path("predictions");
    assertThat(predictions).hasSize(3);
    double sum = 0;
    for (JsonNode prediction : predictions) {
      String label = prediction.path("label").asText();
      assertThat(label)
          .isEqualTo(new String[] {"a cat", "two dogs", "snow"}[prediction.path("index").asInt()]);
      sum += prediction.path("score").asDouble();
    }
    assertThat(sum).isBetween(1 - 1e-6, 1 + 1e-6);
  }

  @Test
  void aFileHasALabelOnEachLine() throws IOException {
    Path file = Files.writeString(folder.resolve("labels.txt"), "a cat\r\n\n two dogs \nsnow\n");
    String expected = classify("--format", "csv", "--labels", "a cat,two dogs,snow").out();
    assertThat(classify("--format", "csv", "--labels-file", file).out()).isEqualTo(expected);
    Files.writeString(file, "red, blue\n");
    assertThat(classify("--labels-file", file).out()).contains("100.00 %  red, blue");
  }

  @Test
  void aTemplateIsTheSentenceAroundALabel() {
    String plain = classify("--format", "csv", "--labels", "a red cat,a red dog").out();
    String framed =
        classify("--format", "csv", "--labels", "cat,dog", "--template", "a red {}").out();
    assertThat(framed).isNotEmpty().isEqualTo(plain.replace("a red ", ""));
  }

  @Test
  void textsAreEmbeddedLikeImages() throws IOException {
    Run run =
        Run.vit(
            "embed", "--model", CLIP, "--text", "--format", "json", "--normalize", "red", "snow");
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    JsonNode rows = Fixtures.json(run.out());
    assertThat(rows).hasSize(2);
    assertThat(rows.path(1).path("text").asText()).isEqualTo("snow");
    double squares = 0;
    for (JsonNode value : rows.path(1).path("embedding")) {
      squares += value.asDouble() * value.asDouble();
    }
    assertThat(rows.path(1).path("embedding")).hasSize(12);
    assertThat(squares).isBetween(1 - 1e-6, 1 + 1e-6);

    Path file = folder.resolve("texts.safetensors");
    assertThat(Run.vit("embed", "--model", CLIP, "--text", "--output", file, "red").code())
        .isZero();
    assertThat(Fixtures.shape(file, "embeddings")).containsExactly(1, 12);
    Run images = Run.vit("embed", "--model", CLIP, "--format", "json", IMAGE);
    assertThat(Fixtures.json(images.out()).path(0).path("embedding")).hasSize(12);
  }

  @Test
  void textsNeedATextTowerAndNoPooling() {
    assertUsage(
        Run.vit("embed", "--model", CLIP, "--text", "--pooling", "cls", "red"),
        "does not go with --text");
    assertFailed(Run.vit("embed", "--text", "red"), "config.json", "no text tower");
  }

  @Test
  void anotherInputSizeIsFollowed() {
    Run run = classify("--labels", "a cat,two dogs", "--image-size", 1);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.complaint()).contains("1").contains("patch");
  }

  private static void assertUsage(Run run, String mention) {
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.complaint()).contains(mention);
  }

  @Test
  void optionsThatMakeNoSense() {
    assertUsage(classify("--labels", "a", "--labels-file", "b"), "name the classes twice");
    assertUsage(classify("--template", "a {}"), "--template needs --labels");
    assertUsage(classify("--labels", "a,,b"), "'a,,b' has an empty name");
    assertUsage(classify("--labels", ""), "has an empty name");
    assertUsage(classify("--labels", "a", "--template", "b"), "'b' has no {} for the name");
    assertUsage(classify("--labels", "a,b", "--top-k", 3), "is more than the 2 classes");
  }

  private static void assertFailed(Run run, Object... mentions) {
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    for (Object mention : mentions) {
      assertThat(run.complaint()).contains(mention.toString()).doesNotContain("Exception");
    }
  }

  @Test
  void filesThatDoNotServe() throws IOException {
    Path file = folder.resolve("labels.txt");
    assertFailed(classify("--labels-file", file), file, "no such file");
    Files.writeString(file, "\n \n");
    assertFailed(classify("--labels-file", file), file, "names no label");
    Files.write(file, new byte[] {(byte) 0xff});
    assertFailed(classify("--labels-file", file), file, "not valid UTF-8");
    assertFailed(Run.vit("classify", "--labels", "a,b", IMAGE), "config.json", "no text tower");
    assertFailed(Run.vit("classify", "--model", CLIP, IMAGE), CLIP, "no classifier");
  }
}
