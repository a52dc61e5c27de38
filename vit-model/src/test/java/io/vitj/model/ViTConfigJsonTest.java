package io.vitj.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.image.GridResampling;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ViTConfigJsonTest {
  static Stream<ViTConfig> configs() {
    ViTConfigBuilder builder = ViTConfig.builder();
    return Stream.concat(
        Presets.names().stream().map(Presets::config),
        Stream.of(
            builder.build(),
            builder
                .layerNormEps(1e-12f)
                .positionGrid(5, 7)
                .positionResampling(GridResampling.BICUBIC_OFFSET)
                .build(),
            builder.rotary(new Rotary(Rotary.Coordinates.CENTRE, 100, 0, 3, true)).build(),
            builder
                .relativePositions(
                    new RelativePositions(true, RelativePositions.Resampling.GEOMETRIC))
                .pooling(Pooling.TOKEN_AND_AVG)
                .build()));
  }

  @ParameterizedTest
  @MethodSource("configs")
  void whatIsWrittenIsReadEqual(ViTConfig config) {
    assertThat(ViTConfigJson.read(ViTConfigJson.write(config))).isEqualTo(config);
  }

  @Test
  void whatIsMissingUnknownOrWrongIsNamed() {
    assertRefused(json -> json.remove("depth"), "depth");
    assertRefused(json -> json.put("wings", 2), "wings");
    assertRefused(json -> json.put("depth", 1.5), "depth");
    assertRefused(json -> json.put("depth", "many"), "depth");
    assertRefused(json -> json.putNull("depth"), "depth");
    assertRefused(json -> json.put("pooling", "SUM"), "pooling");
    assertRefused(json -> json.put("pooling", 1), "pooling");
    assertRefused(json -> json.put("heads", 5), "heads 5");
    assertRefused(json -> json.putObject("rotary").put("temperature", -1), "rotary");
    assertThatThrownBy(() -> ViTConfigJson.read(JsonNodeFactory.instance.missingNode()))
        .isInstanceOf(ModelException.class);
    assertThatThrownBy(() -> ViTConfigJson.read(JsonNodeFactory.instance.numberNode(3)))
        .isInstanceOf(ModelException.class);
  }

  private interface Change {
    void of(ObjectNode json);
  }

  private static void assertRefused(Change change, String mention) {
    ObjectNode json = ViTConfigJson.write(ViTConfig.builder().build());
    change.of(json);
    assertThatThrownBy(() -> ViTConfigJson.read(json))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(mention)
        .message()
        .doesNotContain("\n");
  }
}
