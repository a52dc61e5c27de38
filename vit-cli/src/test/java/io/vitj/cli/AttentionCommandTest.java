package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitj.model.image.DecodeLimits;
import io.vitj.model.image.ImageDecoder;
import io.vitj.model.image.RgbImage;
import io.vitj.model.pipeline.AttentionMap;
import io.vitj.model.pipeline.AttentionMaps;
import io.vitj.model.pipeline.HeadFusion;
import io.vitj.model.pipeline.HeadMaps;
import io.vitj.model.pipeline.QueryToken;
import io.vitj.model.pipeline.Rollout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttentionCommandTest {
  private static final Path BAG = Fixtures.sample("bag.png");
  private static final AttentionMaps ATTENTION = AttentionMaps.load(BundledModel.path());
  private static final RgbImage PHOTO = ATTENTION.decode(BAG);

  @TempDir private Path folder;

  @AfterAll
  static void close() {
    ATTENTION.close();
  }

  private static Run attention(Object... args) {
    Object[] line = new Object[args.length + 2];
    line[0] = "attention";
    line[1] = BAG;
    System.arraycopy(args, 0, line, 2, args.length);
    return Run.vit(line);
  }

  private Path done(String name, Object... args) {
    Path output = folder.resolve(name);
    Object[] line = new Object[args.length + 2];
    line[0] = "--output";
    line[1] = output;
    System.arraycopy(args, 0, line, 2, args.length);
    Run run = attention(line);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).isEmpty();
    return output;
  }

  private JsonNode json(Object... args) {
    return Fixtures.json(new String(Fixtures.bytes(done("x.json", args)), StandardCharsets.UTF_8));
  }

  private static void assertMap(JsonNode map, AttentionMap expected) {
    assertThat(map.get("token").asText()).isEqualTo(expected.token().label());
    assertThat(map.get("values")).hasSize(7);
    for (int i = 0; i < 49; i++) {
      assertThat(map.get("values").get(i / 7).get(i % 7).floatValue())
          .isEqualTo(expected.values()[i]);
    }
  }

  @Test
  void theDefaultIsRolloutOfTheClassToken() {
    JsonNode json = json();
    assertThat(json.get("title").asText())
        .isEqualTo("attention rollout, layers 0–5, mean of heads");
    assertThat(json.get("maps")).hasSize(1);
    assertMap(json.get("maps").get(0), ATTENTION.rollout(PHOTO, Rollout.DEFAULT, QueryToken.CLASS));
    assertThat(json.get("region").get("width").asDouble()).isEqualTo(28);
  }

  @Test
  void optionsOfARolloutAreFollowed() {
    Rollout settings = new Rollout(HeadFusion.MAX, 0.5, 1, 4);
    JsonNode json =
        json(
            "--fuse",
            "max",
            "--discard",
            0.5,
            "--start-layer",
            1,
            "--layer",
            -2,
            "--token",
            "12,3");
    QueryToken patch = QueryToken.at(12, 3);
    assertMap(json.get("maps").get(0), ATTENTION.rollout(PHOTO, settings, patch));
    assertThat(json.get("maps").get(0).get("layer").asInt()).isEqualTo(4);
  }

  @Test
  void aLayerAndAHeadAreShownAlone() {
    HeadMaps heads = ATTENTION.heads(PHOTO, QueryToken.CLASS);
    JsonNode last = json("--method", "last", "--fuse", "min").get("maps").get(0);
    assertMap(last, heads.fused(5, HeadFusion.MIN));
    assertThat(last.has("head")).isFalse();
    JsonNode head = json("--head", 2, "--layer", 1).get("maps").get(0);
    assertMap(head, heads.of(1, 2));
    assertThat(head.get("head").asInt()).isEqualTo(2);
    JsonNode mean = json("--method", "head", "--head", 0, "--token", "patches");
    assertMap(mean.get("maps").get(0), ATTENTION.heads(PHOTO, QueryToken.PATCHES).of(-1, 0));
  }

  @Test
  void aGridHasEveryHead() {
    JsonNode all = json("--grid").get("maps");
    assertThat(all).hasSize(18);
    assertThat(all.get(7).get("layer").asInt()).isEqualTo(2);
    assertThat(all.get(7).get("head").asInt()).isEqualTo(1);
    assertMap(all.get(7), ATTENTION.heads(PHOTO, QueryToken.CLASS).of(2, 1));
    assertThat(json("--grid", "--layer", -1).get("maps")).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "rollout, '(7, 7)', 49",
    "last, '(7, 7)', 49",
    "grid, '(6, 3, 7, 7)', 882",
    "layer, '(3, 7, 7)', 147",
  })
  void anArrayHasTheAxesAskedFor(String what, String shape, int values) throws IOException {
    Object[] options =
        switch (what) {
          case "grid" -> new Object[] {"--grid"};
          case "layer" -> new Object[] {"--grid", "--layer", "3"};
          default -> new Object[] {"--method", what};
        };
    byte[] file = Files.readAllBytes(done("x.npy", options));
    assertThat(new String(file, 10, 118, StandardCharsets.US_ASCII)).contains("'shape': " + shape);
    assertThat(file).hasSize(128 + 4 * values);
    ByteBuffer data = ByteBuffer.wrap(file, 128, 4 * values).order(ByteOrder.LITTLE_ENDIAN);
    double sum = 0;
    while (data.hasRemaining()) {
      sum += data.getFloat();
    }
    assertThat(sum * 49 / values).isBetween(0.0, 1.0);
  }

  @Test
  void anotherInputSizeHasAnotherGrid() {
    JsonNode values = json("--image-size", "40x32").get("maps").get(0).get("values");
    assertThat(values).hasSize(10);
    assertThat(values.get(0)).hasSize(8);
  }

  @Test
  void picturesHavePhotoAndScale() {
    RgbImage figure = ImageDecoder.decode(done("x.png"), DecodeLimits.DEFAULT);
    assertThat(figure.width()).isEqualTo(448 + 32);
    RgbImage sheet = ImageDecoder.decode(done("x.png", "--grid"), DecodeLimits.DEFAULT);
    assertThat(sheet.width()).isEqualTo(12 * (128 + 8) - 8 + 32);
    byte[] inferno = Fixtures.bytes(done("a.png"));
    assertThat(Fixtures.bytes(done("b.png", "--colour-map", "inferno"))).isEqualTo(inferno);
    assertThat(Fixtures.bytes(done("c.png", "--color-map", "viridis"))).isNotEqualTo(inferno);
    assertThat(Fixtures.bytes(done("d.png", "--threads", 1))).isEqualTo(inferno);
  }

  @Test
  void theDefaultOutputIsNamedAfterTheImage() throws IOException {
    Path expected = Path.of("bag-attention.png");
    try {
      Run run = attention();
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out().strip()).isEqualTo(expected.toString());
      assertThat(expected).isNotEmptyFile();
    } finally {
      Files.deleteIfExists(expected);
    }
  }

  @Test
  void standardInputIsAnImage() {
    Path output = folder.resolve("x.json");
    Run run = Run.with(false, Fixtures.bytes(BAG), "attention", "-", "--output", output);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(output).isNotEmptyFile();
  }

  private void assertUsage(String mention, Object... args) {
    Object[] line = new Object[args.length + 2];
    line[0] = "--output";
    line[1] = folder.resolve("x.png");
    System.arraycopy(args, 0, line, 2, args.length);
    Run run = attention(line);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.complaint()).contains(mention).contains("vit attention --help");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void optionsThatContradictAreWrongUsage() {
    assertUsage(
        "'--head': 1 has no meaning with --method rollout", "--method", "rollout", "--head", 1);
    assertUsage("'--head': 1 has no meaning with --grid", "--grid", "--head", 1);
    assertUsage("'--grid': true shows heads", "--grid", "--method", "last");
    assertUsage(
        "'--discard': 0.5 has no meaning with --method last", "--method", "last", "--discard", 0.5);
    assertUsage(
        "'--start-layer': 1 has no meaning with --method head", "--head", 0, "--start-layer", 1);
    assertUsage("'--fuse': max has no meaning with --grid", "--grid", "--fuse", "max");
    assertUsage("'--method': head needs --head, or --grid", "--method", "head");
  }

  @Test
  void valuesThatAreNoneAreWrongUsage() {
    assertUsage("'--discard': 1.0 is not at least 0 and below 1", "--discard", 1);
    assertUsage("'mouth' is none of cls, dist, patches, pool and no pixel", "--token", "mouth");
    assertUsage("'sideways' is none of rollout, last, head", "--method", "sideways");
    assertUsage("'jet' is none of viridis, inferno, magma, grey", "--colour-map", "jet");
    assertUsage("'sum' is none of mean, max, min", "--fuse", "sum");
    Run gif = attention("--output", folder.resolve("x.gif"));
    assertThat(gif.code()).isEqualTo(2);
    assertThat(gif.complaint()).contains("x.gif is no .png, .npy or .json");
    Run several = Run.vit("attention", Fixtures.samples());
    assertThat(several.code()).isEqualTo(2);
    assertThat(several.complaint()).contains("IMAGE is one image, but").contains("with 10");
    assertThat(Run.vit("attention").code()).isEqualTo(2);
  }

  @Test
  void whatTheModelLacksIsWrongUsage() {
    assertUsage(BAG + ": there is no layer 6: this model has 6, 0 to 5", "--layer", 6);
    assertUsage(BAG + ": there is no layer -7", "--grid", "--layer", -7);
    assertUsage(BAG + ": there is no head 3", "--head", 3);
    assertUsage(BAG + ": this model has no distillation token", "--token", "dist");
    assertUsage(BAG + ": this model does not pool by attention", "--token", "pool");
    assertUsage(BAG + ": the model does not see the pixel 28,0", "--token", "28,0");
    assertUsage("not from 4 to 2", "--start-layer", 4, "--layer", 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "npy", "json"})
  void anImageThatIsMissingFails(String format) {
    Path output = folder.resolve("x." + format);
    assertFailed(Run.vit("attention", "no.png", "--output", output), "no.png: no such file");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aPlaceThatCannotBeWrittenFails() {
    assertFailed(attention("--output", folder.resolve("no/x.png")), "there is no folder");
  }

  private static void assertFailed(Run run, String mention) {
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.complaint()).startsWith("vit: ").contains(mention);
  }

  @Test
  void sharesOfARolloutSumToLessThanOne() {
    double sum = 0;
    for (JsonNode row : json().get("maps").get(0).get("values")) {
      for (JsonNode value : row) {
        sum += value.doubleValue();
      }
    }
    assertThat(sum).isCloseTo(0.8, within(0.2));
  }
}
