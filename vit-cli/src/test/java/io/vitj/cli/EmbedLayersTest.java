package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.pipeline.FeatureMap;
import io.vitj.model.pipeline.ImageFeatures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vit embed --layer}: the features of every patch. */
class EmbedLayersTest {
  private static final Path BAG = Fixtures.sample("bag.png");
  private static final Path COAT = Fixtures.sample("coat.png");
  private static final int VALUES = 7 * 7 * 96;

  @TempDir private Path folder;

  private static List<FeatureMap> expected(boolean norm, int... layers) {
    try (ImageFeatures features =
        ImageFeatures.builder(BundledModel.path()).layers(layers).norm(norm).build()) {
      return features.intermediates(BAG);
    }
  }

  private static Run embed(Path output, Object... options) {
    Object[] line = new Object[options.length + 5];
    line[0] = "embed";
    line[1] = "--output";
    line[2] = output;
    System.arraycopy(options, 0, line, 3, options.length);
    line[line.length - 2] = BAG;
    line[line.length - 1] = COAT;
    return Run.vit(line);
  }

  private static float[] floats(Path npy, int from, int count) throws IOException {
    byte[] file = Files.readAllBytes(npy);
    float[] values = new float[count];
    ByteBuffer.wrap(file)
        .order(ByteOrder.LITTLE_ENDIAN)
        .position(128 + 4 * from)
        .asFloatBuffer()
        .get(values);
    return values;
  }

  private static String header(Path npy) throws IOException {
    return new String(Files.readAllBytes(npy), 10, 118, StandardCharsets.US_ASCII);
  }

  @Test
  void oneLayerIsAGridOfVectors() throws IOException {
    Path npy = folder.resolve("x.npy");
    assertThat(embed(npy, "--layer", -2).code()).isZero();
    assertThat(header(npy)).contains("'shape': (2, 7, 7, 96)");
    assertThat(floats(npy, 0, VALUES)).isEqualTo(expected(false, 4).getFirst().patches());
    assertThat(embed(npy, "--layer", "-2", "--norm").code()).isZero();
    assertThat(floats(npy, 0, VALUES)).isEqualTo(expected(true, 4).getFirst().patches());
  }

  @Test
  void anotherInputSizeHasAnotherGrid() throws IOException {
    Path npy = folder.resolve("x.npy");
    assertThat(embed(npy, "--layer", 0, "--image-size", "32x16").code()).isZero();
    assertThat(header(npy)).contains("'shape': (2, 8, 4, 96)");
  }

  @Test
  void severalLayersHaveAnAxis() throws IOException {
    Path npy = folder.resolve("x.npy");
    assertThat(embed(npy, "--layer", "-1,2").code()).isZero();
    assertThat(header(npy)).contains("'shape': (2, 2, 7, 7, 96)");
    List<FeatureMap> maps = expected(false, 2, 5);
    assertThat(floats(npy, 0, VALUES)).isEqualTo(maps.get(0).patches());
    assertThat(floats(npy, VALUES, VALUES)).isEqualTo(maps.get(1).patches());
    assertThat(embed(npy, "--layer", "all").code()).isZero();
    assertThat(header(npy)).contains("'shape': (2, 6, 7, 7, 96)");
  }

  @Test
  void safetensorsNameTheLayers() {
    Path file = folder.resolve("x.safetensors");
    assertThat(embed(file, "--layer", "0,5", "--prefix-tokens").code()).isZero();
    assertThat(Fixtures.shape(file, "layer.0")).containsExactly(2, 7, 7, 96);
    assertThat(Fixtures.shape(file, "prefix.5")).containsExactly(2, 1, 96);
    List<FeatureMap> maps = expected(false, 0, 5);
    assertThat(Fixtures.tensor(file, "layer.5")).startsWith(maps.get(1).patches());
    assertThat(Fixtures.tensor(file, "prefix.0")).startsWith(maps.get(0).prefix());
    assertThat(embed(file, "--layer", 3).code()).isZero();
    try (CheckpointFile written = CheckpointFile.open(file)) {
      assertThat(written.tensors().keySet()).containsExactly("layer.3");
      assertThat(Fixtures.json(written.metadata().get("images")))
          .hasToString("[\"" + BAG + "\",\"" + COAT + "\"]");
    }
  }

  @Test
  void anImageThatCannotBeReadIsNaN() throws IOException {
    Path npy = folder.resolve("x.npy");
    Run run = Run.vit("embed", "--layer", "-1", "--output", npy, "missing.png", BAG);
    assertThat(run.code()).isEqualTo(1);
    assertThat(floats(npy, 0, VALUES)).containsOnly(Float.NaN);
    assertThat(floats(npy, VALUES, VALUES)).isEqualTo(expected(false, 5).getFirst().patches());
  }

  @Test
  void wrongUsage() {
    Path npy = folder.resolve("x.npy");
    assertUsage(embed(npy, "--layer", "x"), "'x' is neither all nor layers such as 3 or -4,-1");
    assertUsage(embed(npy, "--layer", "1,"), "'1,' is neither");
    assertUsage(embed(npy, "--norm"), "'--norm': true needs --layer");
    assertUsage(embed(npy, "--prefix-tokens"), "'--prefix-tokens': true needs --layer");
    assertUsage(embed(npy, "--layer", 1, "--normalize"), "'--normalize'");
    assertUsage(embed(npy, "--layer", 1, "--pooling", "mean"), "'--pooling': mean does not go");
    assertUsage(embed(npy, "--layer", 1, "--prefix-tokens"), "needs a .safetensors file");
    assertUsage(embed(folder.resolve("x.json"), "--layer", 1), "x.json is no .npy or .safetensors");
    assertUsage(Run.vit("embed", "--layer", 1, BAG), "'--output': none is no .npy");
    assertThat(folder).isEmptyDirectory();
  }

  private static void assertUsage(Run run, String mention) {
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.complaint()).contains(mention);
  }

  @Test
  void aLayerThatTheModelLacksIsWrongUsage() {
    String mention = "there is no layer 6: this model has 6, 0 to 5";
    assertUsage(embed(folder.resolve("x.npy"), "--layer", 6), mention);
    assertUsage(embed(folder.resolve("x.npy"), "--layer", "0,-7"), "there is no layer -7");
    assertThat(folder).isEmptyDirectory();
  }
}
