package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitj.model.checkpoint.CheckpointFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedCommandTest {
  private static final int WIDTH = 96;
  private static final Path BAG = Fixtures.sample("bag.png");
  private static final Path COAT = Fixtures.sample("coat.png");

  @TempDir private Path folder;

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).floatValue();
    }
    return values;
  }

  @Test
  void allFormatsHoldTheSameVectors() throws IOException {
    Run stdout = Run.vit("embed", "--format", "json", BAG, COAT);
    assertThat(stdout.code()).isZero();
    JsonNode images = Fixtures.json(stdout.out());
    assertThat(images).hasSize(2);
    assertThat(images.get(1).get("image").asText()).isEqualTo(COAT.toString());
    float[] bag = floats(images.get(0).get("embedding"));
    float[] coat = floats(images.get(1).get("embedding"));
    assertThat(bag).hasSize(WIDTH).isNotEqualTo(coat);

    Path json = folder.resolve("x.json");
    Path npy = folder.resolve("x.npy");
    Path safetensors = folder.resolve("x.safetensors");
    for (Path output : new Path[] {json, npy, safetensors}) {
      Run run = Run.vit("embed", "--output", output, BAG, COAT);
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out()).isEmpty();
    }
    assertThat(Fixtures.JSON.readTree(json.toFile())).isEqualTo(images);
    assertThat(row(npy, 0)).isEqualTo(bag);
    assertThat(row(npy, 1)).isEqualTo(coat);
    assertThat(Fixtures.shape(safetensors, "embeddings")).containsExactly(2, WIDTH);
    assertThat(Fixtures.tensor(safetensors, "embeddings")).startsWith(bag).endsWith(coat);
    try (CheckpointFile file = CheckpointFile.open(safetensors)) {
      JsonNode names = Fixtures.json(file.metadata().get("images"));
      assertThat(names)
          .extracting(JsonNode::asText)
          .containsExactly(BAG.toString(), COAT.toString());
    }
    assertThat(folder.toFile().list()).hasSize(3);
  }

  private static float[] row(Path npy, int row) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(npy)).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[WIDTH];
    bytes.position(128 + row * WIDTH * Float.BYTES).asFloatBuffer().get(values);
    return values;
  }

  @Test
  void textIsALineForEachImage() {
    Run run = Run.vit("embed", BAG, COAT);
    assertThat(run.out().lines()).hasSize(2);
    String[] parts = run.out().lines().findFirst().orElseThrow().split("\t");
    assertThat(parts[0]).isEqualTo(BAG.toString());
    assertThat(parts[1].split(" ")).hasSize(WIDTH);
  }

  @Test
  void normalizedVectorsHaveLengthOne() {
    Run run = Run.vit("embed", "--normalize", "--format", "json", BAG);
    double squares = 0;
    for (float value : floats(Fixtures.json(run.out()).get(0).get("embedding"))) {
      squares += value * value;
    }
    assertThat(squares).isCloseTo(1, within(1e-5));
  }

  @Test
  void poolingIsThatOfTheModelUnlessChosen() {
    String trained = Run.vit("embed", BAG).out();
    assertThat(Run.vit("embed", "--pooling", "cls", BAG).out()).isEqualTo(trained);
    assertThat(Run.vit("embed", "--pooling", "mean", BAG).out()).isNotEqualTo(trained);
    Run unknown = Run.vit("embed", "--pooling", "max", BAG);
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.complaint()).contains("--pooling").contains("max").contains("cls, mean");
  }

  @Test
  void aMatrixWithoutNamesKeepsARowForABadImage() throws IOException {
    Path npy = folder.resolve("x.npy");
    Path missing = folder.resolve("missing.png");
    Run run = Run.vit("embed", "--output", npy, missing, BAG);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.complaint()).contains(missing.toString());
    assertThat(row(npy, 0)).containsOnly(Float.NaN);
    assertThat(row(npy, 1)).doesNotContain(Float.NaN);
    Path safetensors = folder.resolve("x.safetensors");
    Run.vit("embed", "--output", safetensors, missing, BAG);
    assertThat(Fixtures.shape(safetensors, "embeddings")).containsExactly(1, WIDTH);
  }

  @Test
  void theOutputHasAKnownExtension() {
    Run run = Run.vit("embed", "--output", folder.resolve("x.txt"), BAG);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.complaint()).contains("x.txt").contains(".npy, .safetensors or .json");
  }
}
