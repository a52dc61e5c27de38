package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class BenchCommandTest {
  @Test
  void measuresTheDefaultModel() {
    Run run = Run.vit("bench", "--runs", 5, "--warmup", 0, "--batch", 2, "--format", "json");
    assertThat(run.code()).as(run.err()).isZero();
    JsonNode json = Fixtures.json(run.out());
    assertThat(json.get("batch").asInt()).isEqualTo(2);
    assertThat(json.get("runs").asInt()).isEqualTo(5);
    double median = json.get("median_ms").asDouble();
    double p90 = json.get("p90_ms").asDouble();
    assertThat(median).isPositive();
    assertThat(p90).isGreaterThanOrEqualTo(median);
    assertThat(json.get("p99_ms").asDouble()).isGreaterThanOrEqualTo(p90);
    assertThat(json.get("load_ms").asDouble()).isPositive();
    assertThat(json.get("first_inference_ms").asDouble()).isPositive();
    double images = json.get("images_per_second").asDouble();
    double flops = json.get("flops_per_image").asDouble();
    assertThat(json.get("gflops_per_second").asDouble()).isEqualTo(images * flops / 1e9);
  }

  @Test
  void aPresetRunsWithRandomWeights() {
    Run run = Run.vit("bench", "--model", "vit_tiny_patch16_224", "--runs", 1, "--warmup", 0);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("vit_tiny_patch16_224 (random weights)")
        .contains("median")
        .contains("GFLOP/s")
        .contains("images/s");
  }

  @Test
  void anUnknownPresetGetsTheNearestNames() {
    Run run = Run.vit("bench", "--model", "vit_tiny_patch16_225");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.complaint()).contains("vit_tiny_patch16_225").contains("vit_tiny_patch16_224");
    Run folder = Run.vit("bench", "--model", "no/such/folder");
    assertThat(folder.complaint()).contains("no/such/folder").contains("no such file or folder");
  }

  @Test
  void numbersMustMakeSense() {
    for (String option : new String[] {"--runs", "--batch", "--threads"}) {
      Run run = Run.vit("bench", option, 0);
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.complaint()).contains(option);
    }
  }
}
