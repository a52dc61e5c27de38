package io.vitj.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GridResamplingTest {
  /** PyTorch's own results; {@code make_positions.py} beside them makes them. */
  @TestFactory
  Stream<DynamicTest> equalsTheReference() throws IOException {
    try (InputStream file = getClass().getResourceAsStream("/positions/positions.json")) {
      JsonNode cases = new ObjectMapper().readTree(file);
      return StreamSupport.stream(cases.spliterator(), false)
          .map(c -> DynamicTest.dynamicTest(name(c), () -> assertResampled(c)));
    }
  }

  private static String name(JsonNode c) {
    return c.path("rule").asText() + ' ' + c.path("source") + " to " + c.path("size");
  }

  private static void assertResampled(JsonNode c) {
    float[] grid = floats(c.path("grid"));
    float[] copy = grid.clone();
    float[] result =
        GridResampling.valueOf(c.path("rule").asText())
            .resample(
                grid,
                c.path("source").path(0).asInt(),
                c.path("source").path(1).asInt(),
                c.path("size").path(0).asInt(),
                c.path("size").path(1).asInt());
    float[] expected = floats(c.path("result"));
    assertThat(grid).isEqualTo(copy);
    assertThat(result).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      // The reference computes places and weights in float32: a place of up to 7 is off by 2⁻²², a
      // weight changes at most 2.3 times as fast, two axes of up to 14 taps of values up to 3 add
      // up.
      assertThat(result[i]).isCloseTo(expected[i], within(5e-6f));
    }
  }

  private static float[] floats(JsonNode values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values.path(i).asDouble();
    }
    return floats;
  }

  @ParameterizedTest
  @EnumSource(GridResampling.class)
  void keepsItsOwnGrid(GridResampling rule) {
    float[] grid = {1, 2, 3, 4, 5, 6};
    assertThat(rule.resample(grid, 3, 2, 3, 2)).isEqualTo(grid).isNotSameAs(grid);
  }

  @Test
  void refusesWhatIsNoGrid() {
    assertThatThrownBy(() -> GridResampling.BICUBIC.resample(new float[7], 3, 2, 4, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("7 values are no grid of 3 x 2 vectors");
  }
}
