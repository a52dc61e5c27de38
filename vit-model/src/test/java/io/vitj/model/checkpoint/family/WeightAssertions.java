package io.vitj.model.checkpoint.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.model.Parameter;
import java.lang.foreign.Arena;

/** What tests say about the weights of a model. */
final class WeightAssertions {
  private WeightAssertions() {}

  /** Asserts that a parameter is what stands in the file under some names, one after another. */
  static void assertSame(ModelDirectory model, String canonical, String... sources) {
    try (Arena arena = Arena.ofConfined()) {
      int at = 0;
      float[] values = model.weights().get(canonical, arena).toFloats();
      for (String source : sources) {
        for (float value : model.checkpoint().read(source, arena).toFloats()) {
          assertThat(values[at++]).isEqualTo(value);
        }
      }
      assertThat(values).hasSize(at);
      assertThat(model.weights().copy(canonical, arena).toFloats()).isEqualTo(values);
    }
  }

  /** Asserts that two models have the same config and the same weights. */
  static void assertSameWeights(ModelDirectory model, ModelDirectory original) {
    assertThat(model.config()).isEqualTo(original.config());
    try (Arena arena = Arena.ofConfined()) {
      for (Parameter parameter : original.config().parameters()) {
        assertThat(model.weights().get(parameter.name(), arena).toFloats())
            .isEqualTo(original.weights().get(parameter.name(), arena).toFloats());
      }
    }
  }
}
