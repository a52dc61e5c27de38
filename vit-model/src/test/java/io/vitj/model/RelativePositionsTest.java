package io.vitj.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitj.model.RelativePositions.Resampling;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class RelativePositionsTest {
  private static final int HEADS = 2;

  /** timm's own results; {@code make_positions.py} beside them makes them. */
  @TestFactory
  Stream<DynamicTest> resizesAsTimm() throws IOException {
    try (InputStream file = getClass().getResourceAsStream("/positions/relative.json")) {
      JsonNode cases = new ObjectMapper().readTree(file);
      return StreamSupport.stream(cases.spliterator(), false)
          .map(
              c ->
                  DynamicTest.dynamicTest(
                      c.path("source") + " to " + c.path("size"), () -> assertResized(c)));
    }
  }

  private static void assertResized(JsonNode c) {
    float[] result =
        new RelativePositions(false, Resampling.GEOMETRIC)
            .resample(
                floats(c.path("table")),
                HEADS,
                c.path("source").path(0).asInt(),
                c.path("source").path(1).asInt(),
                c.path("size").path(0).asInt(),
                c.path("size").path(1).asInt());
    // The reference computes places and weights in float32: a place of up to 8 is off by 2⁻²¹, and
    // neighbours among values up to 4 differ by 8.
    assertThat(result).hasSize(c.path("result").size());
    float[] expected = floats(c.path("result"));
    for (int i = 0; i < expected.length; i++) {
      assertThat(result[i]).isCloseTo(expected[i], within(1e-5f));
    }
  }

  private static float[] floats(JsonNode values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values.path(i).asDouble();
    }
    return floats;
  }
}
