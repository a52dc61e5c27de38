package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.model.Parameter;
import io.vitj.model.Presets;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTWeights;
import io.vitj.model.checkpoint.SafetensorsWriter;
import io.vitj.tensor.DType;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights without a config, whose architecture the command line names. */
class ArchitectureOptionTest {
  private static final String ARCHITECTURE = "vit_tiny_patch16_224";
  private static final Path BAG = Fixtures.sample("bag.png");

  @TempDir private static Path model;

  @BeforeAll
  static void writeWeights() {
    ViTConfig config = Presets.config(ARCHITECTURE).toBuilder().image(32).classes(3).build();
    ViTWeights weights = ViTWeights.random(config, 1);
    SafetensorsWriter writer = new SafetensorsWriter();
    for (Parameter p : config.parameters()) {
      writer.add(p.name(), DType.F32, p.shape(), arena -> weights.copy(p.name(), arena));
    }
    writer.write(model.resolve("model.safetensors"));
  }

  @Test
  void theWeightsAloneSayTooLittle() {
    Run run = Run.vit("classify", "--model", model, BAG);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.complaint()).contains(model + ": has no config.json").contains("architecture");
  }

  @ParameterizedTest
  @ValueSource(strings = {"classify", "embed"})
  void verbsThatTakeImagesFollowTheName(String verb) {
    Run run = Run.vit(verb, "--model", model, "--arch", ARCHITECTURE, "--format", "json", BAG);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(Fixtures.json(run.out())).hasSize(1);
  }

  @Test
  void otherVerbsDoToo() {
    Path pixels = model.resolve("pixels.safetensors");
    Path trace = model.resolve("trace.safetensors");
    assertDone("preprocess", "--output", pixels, BAG);
    assertThat(Fixtures.shape(pixels, "pixel_values")).containsExactly(1, 3, 32, 32);
    assertDone("trace", "--input", pixels, "--output", trace);
    assertThat(Fixtures.shape(trace, "logits")).containsExactly(1, 3);
    assertDone("bench", "--warmup", 0, "--runs", 1);
    assertThat(assertDone("info").out()).contains(ARCHITECTURE).contains("32 x 32");
  }

  private Run assertDone(String verb, Object... rest) {
    Object[] args = new Object[rest.length + 5];
    Object[] start = {verb, "--model", model.resolve("model.safetensors"), "--arch", ARCHITECTURE};
    System.arraycopy(start, 0, args, 0, start.length);
    System.arraycopy(rest, 0, args, start.length, rest.length);
    Run run = Run.vit(args);
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  @ParameterizedTest
  @ValueSource(strings = {"classify", "embed", "bench", "info"})
  void anUnknownNameGetsItsNeighbours(String verb) {
    Object image = verb.equals("bench") || verb.equals("info") ? "--verbose" : BAG;
    Run run = Run.vit(verb, "--model", model, "--arch", "vit_tinny_patch16_224", image);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.complaint())
        .contains("'--arch': unknown architecture 'vit_tinny_patch16_224'")
        .contains("nearest known are " + ARCHITECTURE);
  }

  @Test
  void aNameNeedsWeights() {
    Run run = Run.vit("classify", "--arch", ARCHITECTURE, BAG);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.complaint()).contains("--arch").contains("needs --model");
  }

  @Test
  void aNameThatDoesNotFitTheWeightsFails() {
    Run run = Run.vit("info", "--model", model, "--arch", "vit_base_patch16_224");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.complaint()).contains("vit_base_patch16_224").contains(model.toString());
  }
}
