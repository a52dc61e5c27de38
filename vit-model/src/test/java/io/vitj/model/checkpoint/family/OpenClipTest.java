package io.vitj.model.checkpoint.family;

import static io.vitj.model.checkpoint.family.WeightAssertions.assertSameWeights;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.Fixtures;
import io.vitj.model.ModelBundle;
import io.vitj.model.ModelException;
import io.vitj.model.Parameter;
import io.vitj.model.Presets;
import io.vitj.model.ViTConfig;
import io.vitj.model.checkpoint.SafetensorsWriter;
import io.vitj.tensor.DType;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Image towers of open_clip, with its config. */
class OpenClipTest {
  private static final String OPEN_CLIP =
      """
      {"model_cfg": {"embed_dim": 8, "quick_gelu": true, "text_cfg": {},
        "vision_cfg": {"image_size": 16, "layers": 1, "width": 12, "head_width": 6, "patch_size": 4}},
       "preprocess_cfg": {"mean": [0.1, 0.2, 0.3], "resize_mode": "squash"}}
      """;

  @TempDir private Path folder;

  private ModelDirectory openClip(String config) throws IOException {
    Files.writeString(folder.resolve("open_clip_config.json"), config);
    return ModelDirectory.open(folder);
  }

  @Test
  void openClipHasAConfigOfItsOwn() throws IOException {
    Files.delete(new ModelCopy("original-clip", folder).file("config.json"));
    try (ModelDirectory model = openClip(OPEN_CLIP);
        ModelDirectory original = ModelDirectory.open(Fixtures.path("original-clip"))) {
      assertSameWeights(model, original);
      assertThat(model.family()).isEqualTo("open_clip");
    }
    try (ModelBundle bundle = ModelBundle.load(folder)) {
      assertThat(bundle.preprocess())
          .asString()
          .startsWith(
              "resize to 16×16 bicubic, rescale 1/255, normalise mean 0.1 0.2 0.3 std 0.268");
    }
    assertThatThrownBy(() -> openClip(OPEN_CLIP.replace("layers", "attentional_pool")).close())
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(
            folder.resolve("open_clip_config.json") + ": vision_cfg has the key")
        .hasMessageContaining("'attentional_pool'");
    assertThatThrownBy(() -> openClip(OPEN_CLIP.replace(": 6,", ": 5,")).close())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("head_width");
    assertThatThrownBy(() -> openClip("{\"model_cfg\": {}}").close())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("model_cfg has no vision_cfg");
  }

  @Test
  void openClipMayScaleItsLayers() throws IOException {
    ModelCopy copy = new ModelCopy("original-clip", folder);
    Files.delete(copy.file("config.json"));
    String block = "visual.transformer.resblocks.0.";
    copy.tensors(
        (tensors, arena) -> {
          for (String scale : new String[] {"ls_1.gamma", "ls_2.gamma"}) {
            tensors.put(block + scale, Tensor.of(arena, Shape.of(12), new float[12]));
          }
          return tensors;
        });
    String config = OPEN_CLIP.replace("\"layers\"", "\"ls_init_value\": 1e-5, \"layers\"");
    try (ModelDirectory model = openClip(config);
        Arena arena = Arena.ofConfined()) {
      assertThat(model.config().layerScale()).isTrue();
      assertThat(model.weights().get("blocks.0.ls2.gamma", arena).toFloats())
          .isEqualTo(new float[12]);
    }
  }

  @Test
  void openClipMayHaveATowerOfTimm() throws IOException {
    ViTConfig tiny =
        Presets.config("vit_tiny_patch16_224").toBuilder()
            .image(32)
            .classes(0)
            .projectionWidth(5)
            .build();
    SafetensorsWriter writer = new SafetensorsWriter();
    for (Parameter p : tiny.parameters()) {
      String name =
          p.name().equals("projection.weight")
              ? "visual.head.proj.weight"
              : "visual.trunk." + p.name();
      writer.add(name, DType.F32, p.shape(), arena -> Tensor.allocate(arena, p.shape()));
    }
    writer.write(folder.resolve("open_clip_model.safetensors"));
    String vision = "\"vision_cfg\": {\"timm_model_name\": \"vit_tiny_patch16_224\", ";
    String config = "{\"model_cfg\": {\"embed_dim\": 5, " + vision + "\"image_size\": 32}}}";
    try (ModelDirectory model = openClip(config)) {
      assertThat(model.config()).isEqualTo(tiny);
      assertThat(model.architecture()).isEqualTo("vit_tiny_patch16_224");
    }
    assertThatThrownBy(() -> openClip(config.replace("32}", "32, \"timm_proj\": \"mlp\"}")).close())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("timm_proj");
  }
}
