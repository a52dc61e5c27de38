package io.vitj.model.checkpoint.family;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.Presets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Every preset and every tag of timm's, against what timm itself says. */
class PretrainedConfigsTest {
  @Test
  void preprocessesAsTimmDoes() throws IOException {
    List<String> names = new ArrayList<>();
    String expected = "";
    for (String line : fixture().lines().skip(1).toList()) {
      if (line.startsWith(" ")) {
        String name = line.strip();
        names.add(name);
        assertThat(settings(name)).as(name).isEqualTo(expected);
      } else {
        expected = line;
      }
    }
    assertThat(names).containsAll(Presets.names()).hasSizeGreaterThan(500);
  }

  @Test
  void tagsThatTimmDoesNotHaveAreAsTheirArchitecture() {
    assertThat(settings("vit_base_patch16_224.mine")).isEqualTo(settings("vit_base_patch16_224"));
    assertThat(settings("vit_base_patch16_224_in21k")).isEqualTo(settings("vit_base_patch16_224"));
    assertThat(PretrainedConfigs.of("resnet50.a1_in1k")).isEmpty();
  }

  private static String fixture() throws IOException {
    try (InputStream in = PretrainedConfigsTest.class.getResourceAsStream("/timm/pretrained.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String settings(String name) {
    ObjectNode json = NamedArchitecture.preprocessing(name, Presets.config(name));
    int side = Presets.config(name).imageHeight();
    assertThat(json.path("input_size").toString()).isEqualTo("[3,%d,%d]".formatted(side, side));
    List<String> words = new ArrayList<>();
    for (String key : List.of("crop_pct", "crop_mode", "interpolation")) {
      words.add(json.path(key).asText());
    }
    for (String key : List.of("mean", "std")) {
      StreamSupport.stream(json.path(key).spliterator(), false).forEach(n -> words.add(n.asText()));
    }
    return String.join(" ", words);
  }
}
