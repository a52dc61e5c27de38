package io.vitj.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.model.checkpoint.family.ModelDirectory;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.parallel.Parallel;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldensTest {
  /**
   * A tensor may differ by this much of its largest value: the bar of the project's golden cases,
   * some ten times what rounding makes of a few blocks (1e-6 to 5e-6).
   */
  private static final double TOLERANCE = 5e-5;

  /** Names that the libraries have and this engine must not lack. */
  private static final Set<String> OUTPUTS =
      Set.of(
          "logits",
          "cls_logits",
          "distillation_logits",
          "pooler_output",
          "last_hidden_state",
          "features",
          "pre_logits",
          "embedding",
          "image_embeds",
          "embeddings");

  @ParameterizedTest
  @MethodSource("io.vitj.model.Goldens#cases")
  void equalsTheReferenceInEveryBlock(Path directory) {
    try (Arena arena = Arena.ofShared();
        ModelDirectory source = ModelDirectory.open(directory);
        Parallel parallel = Parallel.owned(2)) {
      VisionTransformer model = VisionTransformer.of(source.weights(), arena);
      Map<String, Tensor> expected = Goldens.expected(directory, arena);

      Map<String, Tensor> actual = Trace.of(model, expected.get("pixel_values"), parallel, arena);

      int compared = 0;
      for (Map.Entry<String, Tensor> entry : expected.entrySet()) {
        String name = entry.getKey();
        if (OUTPUTS.contains(name) || name.matches("(block|attn)\\.\\d+")) {
          assertClose(name, actual.get(name), entry.getValue());
          compared++;
        }
      }
      assertThat(compared).isGreaterThan(2 * model.config().depth());
    }
  }

  private static void assertClose(String name, Tensor actual, Tensor expected) {
    assertThat(actual).as(name).isNotNull();
    assertThat(actual.shape()).as(name).isEqualTo(expected.shape());
    float[] got = actual.toFloats();
    float[] want = expected.toFloats();
    double error = 0;
    double magnitude = 1;
    for (int i = 0; i < want.length; i++) {
      double difference = Math.abs((double) got[i] - want[i]);
      error = difference <= error ? error : difference; // NaN wins
      magnitude = Math.max(magnitude, Math.abs(want[i]));
    }
    assertThat(error).as(name).isLessThanOrEqualTo(TOLERANCE * magnitude);
  }
}
