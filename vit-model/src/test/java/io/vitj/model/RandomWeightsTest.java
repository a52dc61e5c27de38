package io.vitj.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class RandomWeightsTest {
  private static final ViTConfig CONFIG =
      Presets.config("deit_tiny_distilled_patch16_224").toBuilder().layerScale(true).build();

  @Test
  void everyParameterIsThereWithItsShape() {
    ViTWeights weights = ViTWeights.random(CONFIG, 1);
    assertThat(weights.config()).isEqualTo(CONFIG);
    for (Parameter parameter : CONFIG.parameters()) {
      try (Arena arena = Arena.ofConfined()) {
        assertThat(weights.get(parameter.name(), arena).shape()).isEqualTo(parameter.shape());
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> weights.get("blocks.12.norm1.weight", arena))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("blocks.12.norm1.weight");
    }
  }

  @Test
  void matricesAreACutNormalDistribution() {
    float[] values = values(ViTWeights.random(CONFIG, 1), "blocks.3.mlp.fc1.weight");
    double squares = 0;
    double sum = 0;
    double largest = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
      largest = Math.max(largest, Math.abs(value));
    }
    // Cut at two deviations, the deviation is 0.8796 of the whole distribution's.
    assertThat(Math.sqrt(squares / values.length)).isCloseTo(0.02 * 0.8796, within(2e-4));
    assertThat(sum / values.length).isCloseTo(0, within(2e-4));
    assertThat(largest).isBetween(0.0395, 0.04 + 1e-8);
  }

  @Test
  void normsAreOneBiasesZeroAndLayerScalesSmall() {
    ViTWeights weights = ViTWeights.random(CONFIG, 1);
    assertThat(values(weights, "norm.weight")).containsOnly(1f);
    assertThat(values(weights, "norm.bias")).containsOnly(0f);
    assertThat(values(weights, "blocks.0.ls2.gamma")).containsOnly(0.1f);
  }

  @Test
  void theSeedAndTheNameDecide() {
    float[] values = values(ViTWeights.random(CONFIG, 1), "head.weight");
    assertThat(values(ViTWeights.random(CONFIG, 1), "head.weight")).isEqualTo(values);
    assertThat(values(ViTWeights.random(CONFIG, 2), "head.weight")).isNotEqualTo(values);
    assertThat(values(ViTWeights.random(CONFIG, 1), "head_dist.weight")).isNotEqualTo(values);
  }

  @Test
  void copiesOutliveTheArenaOfTheirSource() {
    try (Arena arena = Arena.ofConfined()) {
      Tensor copy = ViTWeights.random(CONFIG, 5).copy("cls_token", arena);
      assertThat(copy.toFloats()).isEqualTo(values(ViTWeights.random(CONFIG, 5), "cls_token"));
    }
  }

  private static float[] values(ViTWeights weights, String name) {
    try (Arena arena = Arena.ofConfined()) {
      return weights.get(name, arena).toFloats();
    }
  }
}
