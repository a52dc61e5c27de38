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

class ConfigJsonTest {
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
    assertThat(ConfigJson.read(ConfigJson.write(config), ViTConfig.class)).isEqualTo(config);
  }

  @Test
  void aTextTowerIsReadEqual() {
    TextConfig config =
        new TextConfig(
            ViTConfig.builder().classes(0).build(),
            100,
            true,
            TextConfig.Pooling.END_TOKEN,
            99,
            false);
    ObjectNode json = ConfigJson.write(config);
    assertThat(ConfigJson.read(json, TextConfig.class)).isEqualTo(config);
    json.put("vocabulary", 0);
    assertThatThrownBy(() -> ConfigJson.read(json, TextConfig.class))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("vocabulary");
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
    assertRefused(json -> json.putNull("pooling"), "pooling");
    assertRefused(
        json -> json.putObject("relativePositions").put("shared", true).putNull("resampling"),
        "resampling");
    assertRefused(json -> json.put("heads", 5), "heads 5");
    assertRefused(json -> json.putObject("rotary").put("temperature", -1), "rotary");
    assertThatThrownBy(
            () -> ConfigJson.read(JsonNodeFactory.instance.missingNode(), ViTConfig.class))
        .isInstanceOf(ModelException.class);
    assertThatThrownBy(
            () -> ConfigJson.read(JsonNodeFactory.instance.numberNode(3), ViTConfig.class))
        .isInstanceOf(ModelException.class);
  }

  private interface Change {
    void of(ObjectNode json);
  }

  private static void assertRefused(Change change, String mention) {
    ObjectNode json = ConfigJson.write(ViTConfig.builder().build());
    change.of(json);
    assertThatThrownBy(() -> ConfigJson.read(json, ViTConfig.class))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(mention)
        .message()
        .doesNotContain("\n");
  }
}
