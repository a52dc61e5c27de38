package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitj.model.pipeline.ImageEmbedder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimilarCommandTest {
  private static final Path SANDAL = Fixtures.sample("sandal.png");
  private static final Path SNEAKER = Fixtures.sample("sneaker.png");
  private static final Path PULLOVER = Fixtures.sample("pullover.png");

  @Test
  void ranksByTheCosineOfTheEmbeddings() {
    Run run = Run.vit("similar", "--format", "json", SANDAL, PULLOVER, SANDAL, SNEAKER);
    assertThat(run.code()).as(run.err()).isZero();
    JsonNode matches = Fixtures.json(run.out());
    assertThat(matches)
        .extracting(m -> m.get("image").asText())
        .containsExactly(SANDAL.toString(), SNEAKER.toString(), PULLOVER.toString());
    assertThat(matches).extracting(m -> m.get("rank").asInt()).containsExactly(1, 2, 3);
    assertThat(matches.get(0).get("cosine").floatValue()).isEqualTo(1);
    try (ImageEmbedder embedder =
        ImageEmbedder.builder(BundledModel.path()).normalize(true).build()) {
      float[][] unit = embedder.embedAll(List.of(SANDAL, SNEAKER));
      double dot = 0;
      for (int i = 0; i < unit[0].length; i++) {
        dot += (double) unit[0][i] * unit[1][i];
      }
      assertThat(matches.get(1).get("cosine").doubleValue()).isCloseTo(dot, within(1e-6));
    }
  }

  @Test
  void takesFoldersAndPrintsTheBest() {
    Run run = Run.vit("similar", "--top-k", 2, SANDAL, Fixtures.samples());
    assertThat(run.out().lines()).hasSize(2);
    assertThat(run.out().lines().findFirst().orElseThrow())
        .isEqualTo(" 1.0000  " + Fixtures.sample("sandal.png"));
    assertThat(Run.vit("similar", "--top-k", 99, SANDAL, Fixtures.samples()).out().lines())
        .hasSize(10);
  }

  @Test
  void csvHasAHeader() {
    Run run = Run.vit("similar", "--format", "csv", SANDAL, SANDAL);
    assertThat(run.out().lines()).containsExactly("image,rank,cosine", SANDAL + ",1,1.0");
  }

  @Test
  void imagesThatAreEquallyAlikeStayInTheirOrder() {
    Path again = Path.of(SANDAL.getParent().toString(), ".", "sandal.png");
    Run run = Run.vit("similar", SANDAL, again, SANDAL, again);
    assertThat(run.out().lines().map(line -> line.substring(9)))
        .containsExactly(again.toString(), SANDAL.toString(), again.toString());
  }

  @Test
  void anImageThatCannotBeReadIsLeftOut() {
    Path missing = Fixtures.sample("missing.png");
    Run run = Run.vit("similar", SANDAL, missing, SNEAKER);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.complaint()).contains(missing.toString());
    assertThat(run.out().lines()).hasSize(1);
    Run none = Run.vit("similar", "--format", "json", SANDAL, missing);
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.out()).isEmpty();
  }

  @Test
  void aQueryThatCannotBeReadFails() {
    Run run = Run.vit("similar", "missing.png", SANDAL);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.complaint()).contains("missing.png: no such file");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void wrongUsage() {
    assertThat(Run.vit("similar").complaint()).contains("QUERY");
    Run lonely = Run.vit("similar", SANDAL);
    assertThat(lonely.code()).isEqualTo(2);
    assertThat(lonely.complaint()).contains("IMAGE");
    Run folder = Run.vit("similar", Fixtures.samples(), SANDAL);
    assertThat(folder.code()).isEqualTo(2);
    assertThat(folder.complaint()).contains("QUERY is one image, but");
    Run zero = Run.vit("similar", "--top-k", 0, SANDAL, SANDAL);
    assertThat(zero.code()).isEqualTo(2);
    assertThat(zero.complaint()).contains("--top-k").contains("0 is below 1");
  }
}
