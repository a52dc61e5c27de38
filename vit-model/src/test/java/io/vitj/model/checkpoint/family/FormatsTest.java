package io.vitj.model.checkpoint.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.Fixtures;
import io.vitj.model.ModelException;
import io.vitj.model.Parameter;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.checkpoint.family.ModelDirectory.Preprocessing;
import io.vitj.tensor.kernel.Activation;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same small model in every format: whatever the file, the weights are the same. */
class FormatsTest {
  private static final int WIDTH = 12;

  @TempDir private Path folder;

  private static ViTConfig base() {
    return ViTConfig.builder()
        .image(12)
        .patch(4)
        .width(WIDTH)
        .depth(2)
        .heads(3)
        .mlpHidden(48)
        .classes(5)
        .layerNormEps(1e-6f)
        .build();
  }

  private static float[] value(ModelDirectory model, String name) {
    try (Arena arena = Arena.ofConfined()) {
      return model.weights().get(name, arena).toFloats();
    }
  }

  /** Compares the weights with those of the base, but for some that the format cannot have. */
  private static void assertSame(ModelDirectory model, String... others) {
    try (ModelDirectory base = ModelDirectory.open(Fixtures.format("base"))) {
      List<Parameter> same =
          model.config().parameters().stream()
              .filter(p -> !Set.of(others).contains(p.name()))
              .toList();
      assertThat(same).hasSizeGreaterThan(20);
      for (Parameter parameter : same) {
        assertThat(value(model, parameter.name()))
            .as(parameter.name())
            .isEqualTo(value(base, parameter.name()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sharded",
        "torch-zip",
        "torch-legacy",
        "torch-views",
        "torch-views-legacy",
        "torch-script"
      })
  void timmNamesInAnyFile(String format) {
    try (ModelDirectory model = ModelDirectory.open(Fixtures.format(format))) {
      assertThat(model.config()).isEqualTo(base());
      assertThat(model.checkpoint().tensors()).hasSameSizeAs(base().parameters());
      assertSame(model);
    }
  }

  @Test
  void googlesPapers() {
    try (ModelDirectory model = ModelDirectory.open(Fixtures.format("google"))) {
      assertThat(model.config()).isEqualTo(base());
      assertThat(model.family()).isEqualTo("Google ViT");
      assertThat(model.architecture()).isEqualTo("ViT");
      assertThat(model.labels()).hasSize(5).startsWith("class 0");
      assertThat(model.preprocessing().kind()).isEqualTo(Preprocessing.Kind.TIMM);
      assertThat(model.preprocessing().json())
          .hasToString(
              "{\"crop_pct\":0.9,\"crop_mode\":\"center\",\"interpolation\":\"bicubic\","
                  + "\"mean\":[0.5,0.5,0.5],\"std\":[0.5,0.5,0.5],\"input_size\":[3,12,12]}");
      assertSame(model);
    }
  }

  @Test
  void anOptimizersTargetWithARepresentationLayer() {
    try (ModelDirectory model = ModelDirectory.open(Fixtures.format("google-target"))) {
      assertThat(model.config())
          .isEqualTo(base().toBuilder().poolerWidth(20).poolerActivation(Activation.TANH).build());
      assertSame(model, "pooler.dense.weight", "pooler.dense.bias", "head.weight");
      float[] weight = value(model, "pooler.dense.weight");
      assertThat(weight).hasSize(20 * WIDTH);
      assertThat(IntStream.range(0, weight.length))
          .allMatch(i -> weight[i] == (i / WIDTH == i % WIDTH ? 1 : 0));
      assertThat(value(model, "head.weight")).hasSize(5 * 20).containsOnly(0f);
    }
  }

  @Test
  void bigVision() {
    try (ModelDirectory model = ModelDirectory.open(Fixtures.format("big-vision"))) {
      assertThat(model.config())
          .isEqualTo(base().toBuilder().positions(Positions.PATCHES_ONLY).build());
      assertSame(model, "pos_embed");
      assertPatchPositions(model);
    }
  }

  @Test
  void bigVisionStackedAndWithoutAToken() {
    try (ModelDirectory model = ModelDirectory.open(Fixtures.format("big-vision-stacked"))) {
      assertThat(model.config())
          .isEqualTo(base().toBuilder().classToken(false).pooling(Pooling.AVG).build());
      assertSame(model, "pos_embed");
      assertPatchPositions(model);
    }
  }

  private static void assertPatchPositions(ModelDirectory model) {
    try (ModelDirectory base = ModelDirectory.open(Fixtures.format("base"))) {
      float[] all = value(base, "pos_embed");
      assertThat(value(model, "pos_embed")).isEqualTo(Arrays.copyOfRange(all, WIDTH, all.length));
    }
  }

  @Test
  void dinosTeacherByTheNameOfItsArchitecture() throws IOException {
    Path file = folder.resolve("checkpoint.pth");
    Files.copy(Fixtures.format("torch-dino").resolve("checkpoint.pth"), file);
    assertThatThrownBy(() -> ModelDirectory.open(file).close())
        .isInstanceOf(ModelException.class)
        .hasMessage(
            folder
                + ": has no config.json, which names the architecture; put it beside the weights,"
                + " or name the architecture");
    // The config names sizes that no preset has.
    Files.copy(Fixtures.format("base").resolve("config.json"), folder.resolve("config.json"));
    assertThatThrownBy(() -> ModelDirectory.open(file).close())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("2 tensors missing: head.bias, head.weight.");
    String config = Files.readString(folder.resolve("config.json"));
    Files.writeString(
        folder.resolve("config.json"), config.replace("\"num_classes\": 5", "\"num_classes\": 0"));
    try (ModelDirectory model = ModelDirectory.open(file)) {
      assertThat(model.config()).isEqualTo(base().toBuilder().classes(0).build());
      assertThat(model.checkpoint().metadata())
          .containsEntry("state_dict", "teacher")
          .containsEntry("prefix", "module.backbone.");
      assertSame(model);
    }
  }
}
