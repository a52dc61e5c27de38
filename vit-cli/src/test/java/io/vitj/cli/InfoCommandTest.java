package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitj.tensor.kernel.KernelProvider;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InfoCommandTest {
  @Test
  void describesTheDefaultModel() {
    Run run = Run.vit("info", "--threads", 3);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("459,466")
        .contains("28 x 28")
        .contains("50.45 MFLOP per image")
        .contains("T-shirt/top")
        .contains(KernelProvider.description())
        .containsPattern("threads +3");
    assertThat(run.out()).doesNotContain("layernorm_before");
    assertThat(Run.vit("info", "--tensors").out()).contains("layernorm_before");
  }

  @Test
  void jsonHasEverything() {
    JsonNode json = Fixtures.json(Run.vit("info", "--format", "json").out());
    assertThat(json.get("parameters").asLong()).isEqualTo(459_466);
    assertThat(json.get("flops_per_image").asLong()).isPositive();
    assertThat(json.get("config").get("depth").asInt()).isEqualTo(6);
    assertThat(json.get("labels")).hasSize(10);
    assertThat(json.get("memory").get("workspace_bytes_per_image").asLong()).isPositive();
    assertThat(json.get("preprocessing").get("size").get("height").asInt()).isEqualTo(28);
    long elements = 0;
    for (JsonNode tensor : json.get("tensors")) {
      long product = 1;
      for (JsonNode dim : tensor.get("shape")) {
        product *= dim.asLong();
      }
      elements += product;
    }
    assertThat(elements).isEqualTo(459_466);
  }

  @Test
  void namesTheModelThatWasAskedFor(@TempDir Path folder) {
    Path model = Fixtures.model(folder.resolve("mine"));
    assertThat(Run.vit("info", "--model", model).out()).startsWith(model.toString());
  }
}
