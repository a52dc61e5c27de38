package io.vitj.model.checkpoint.family;

import static io.vitj.model.checkpoint.family.WeightAssertions.assertSameWeights;
import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.model.Fixtures;
import io.vitj.model.image.GridResampling;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints as the authors of their models store them. */
class OriginalLayoutsTest {
  @TempDir private Path folder;

  @Test
  void dinov3AsItsAuthorsStoreIt() throws IOException {
    new ModelCopy("timm-dinov3", folder)
        .tensors(
            (tensors, arena) -> {
              var changed = new TreeMap<String, Tensor>();
              tensors.forEach(
                  (name, tensor) ->
                      changed.put(
                          name.replace("gamma_1", "ls1.gamma")
                              .replace("gamma_2", "ls2.gamma")
                              .replace("reg_token", "storage_tokens"),
                          tensor));
              Tensor bias = Tensor.allocate(arena, Shape.of(36)); // zeros
              bias.slice(0, 12).copyFrom(changed.remove("blocks.0.attn.q_bias"));
              bias.slice(24, 12).copyFrom(changed.remove("blocks.0.attn.v_bias"));
              changed.put("blocks.0.attn.qkv.bias", bias);
              changed.put("blocks.0.attn.qkv.bias_mask", bias);
              changed.put("rope_embed.periods", bias);
              changed.put("mask_token", bias);
              return changed;
            });
    try (ModelDirectory model = ModelDirectory.open(folder);
        ModelDirectory original = ModelDirectory.open(Fixtures.path("timm-dinov3"))) {
      assertThat(model.family()).isEqualTo("DINOv3");
      assertSameWeights(model, original);
    }
  }

  @Test
  void originalPositionsOfDINOv2HaveAnOffsetWithoutRegisters() throws IOException {
    new ModelCopy("original-dinov2-reg4", folder)
        .config(config -> config.put("architecture", "vit_small_patch14_dinov2"))
        .names(name -> name.equals("register_tokens") ? null : name);
    try (ModelDirectory model = ModelDirectory.open(folder)) {
      assertThat(model.config().positionResampling()).isEqualTo(GridResampling.BICUBIC_OFFSET);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"timm-clip-quickgelu", "original-dinov2-reg4", "original-clip"})
  void positionsOfAnotherGridAreResampled(String fixture) throws IOException {
    new ModelCopy(fixture, folder)
        .config(config -> config.withObject("/model_args").putArray("img_size").add(8).add(24));
    try (ModelDirectory model = ModelDirectory.open(folder);
        ModelDirectory original = ModelDirectory.open(Fixtures.path(fixture))) {
      assertThat(model.config()).isEqualTo(original.config().at(8, 24));
    }
  }
}
