package io.vitj.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitj.bench.peer.PeersCommand;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Comparisons that are as small as can be. */
class PeersSmokeTest {
  private static final String FAST = " --rounds 2 --warmup 0 --turn 0 --threads 1";

  @BeforeEach
  void reportIntoTarget() {
    System.setProperty(ResultFiles.DIRECTORY, Path.of("target", "smoke").toString());
  }

  private static JsonNode run(String line, String output) throws Exception {
    List<String> args = List.of((line + FAST + " --output " + output).split(" "));
    assertThat(PeersCommand.parse(args).run()).isTrue();
    return ResultFiles.read(output);
  }

  @Test
  void comparesModels() throws Exception {
    JsonNode report = run("--models ti16 --size 32 --batch 2", "peers");
    JsonNode engines = report.at("/cases/0/engines");
    assertThat(engines.findValuesAsText("engine"))
        .containsExactly("vitj", "onnxruntime-java", "onnxruntime-java-int8", "djl");
    assertThat(engines.at("/1/difference").asDouble()).isLessThan(1e-5);
    assertThat(engines.at("/2/difference").asDouble()).isBetween(1e-4, 0.1);
    assertThat(engines.at("/3/difference").asDouble()).isLessThan(1e-5);
    assertThat(engines.at("/1/turns")).hasSize(2);
    assertThat(engines.at("/1/ratio/median").asDouble()).isPositive();
    assertThat(engines.at("/1/tail").asDouble()).isGreaterThanOrEqualTo(1);
    assertThat(engines.at("/1/passes").isMissingNode()).isTrue();
    assertThat(ResultFiles.directory().resolve("peers-32px-b2-t1.png")).isNotEmptyFile();
  }

  @Test
  void comparesWeightsInHalfTheMemory() throws Exception {
    JsonNode models = run("--models ti16 --size 32 --engines vitj-bf16", "bf16");
    JsonNode products = run("--gemm --models ti16 --batch 1 --engines vitj-bf16", "bf16-gemm");
    for (JsonNode report : List.of(models, products)) {
      JsonNode engines = report.at("/cases/0/engines");
      assertThat(engines.findValuesAsText("engine")).containsExactly("vitj", "vitj-bf16");
      assertThat(engines.at("/1/difference").asDouble()).isBetween(1e-4, 1e-2);
    }
  }

  @Test
  void comparesBesideABusyNeighbour() throws Exception {
    JsonNode report =
        run("--models ti16 --size 32 --engines onnxruntime-java --neighbour", "neighbour");
    JsonNode one = report.at("/cases/0");
    assertThat(one.get("neighbour").asDouble()).isPositive();
    assertThat(one.at("/engines/1/passes")).hasSize(2);
    assertThat(one.at("/engines/1/tailRatio").asDouble()).isPositive();
    assertThat(ResultFiles.directory().resolve("neighbour-tail-32px-b1-t1.png")).isNotEmptyFile();
  }

  @Test
  void comparesProducts() throws Exception {
    JsonNode report = run("--gemm --models ti16 --batch 1", "peers-gemm");
    assertThat(report.at("/cases")).hasSize(4);
    report.at("/cases").forEach(one -> assertThat(one.get("engines")).hasSize(4));
    assertThat(report.at("/cases/0/bandwidth").asDouble()).isPositive();
    assertThat(report.at("/cases/0/bytes").asLong())
        .isEqualTo(4L * (197 * 192 + 192 * 576 + 197 * 576));
    assertThat(ResultFiles.directory().resolve("peers-gemm-roofline-t1.png")).isNotEmptyFile();
  }
}
