package io.vitj.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeersOptionsTest {
  private static PeersOptions parse(String line) {
    return PeersOptions.parse(List.of(line.split(" ")));
  }

  @Test
  void readsModels() {
    PeersOptions options =
        parse("--models ti16,b16 --size 224,512 --batch 1,8 --threads 2 --rounds 7 --turn 0.25");
    assertThat(options.workloads())
        .extracting(Workload::label, Workload::pixels)
        .containsExactly(
            tuple("Ti/16", 224), tuple("B/16", 224), tuple("Ti/16", 512), tuple("B/16", 512));
    assertThat(options.batches()).containsExactly(1, 8);
    assertThat(options.threads()).containsExactly(2);
    assertThat(options.engines())
        .containsExactly(
            EngineKind.VITJ,
            EngineKind.ONNXRUNTIME_JAVA,
            EngineKind.ONNXRUNTIME_JAVA_INT8,
            EngineKind.DJL);
    assertThat(options.effort())
        .isEqualTo(new Effort(7, Duration.ofSeconds(5), Duration.ofMillis(250)));
    assertThat(options.neighbour()).isFalse();
    assertThat(options.output()).isEqualTo("peers");
  }

  @Test
  void readsProducts() {
    PeersOptions options = parse("--gemm --engines openblas");
    assertThat(options.workloads())
        .extracting(Workload::label)
        .containsExactly("B/16 QKV", "B/16 PROJ", "B/16 FC1", "B/16 FC2");
    assertThat(options.workloads().getFirst().flops(8)).isEqualTo(2L * 1576 * 768 * 2304);
    assertThat(options.engines()).containsExactly(EngineKind.VITJ, EngineKind.OPENBLAS);
    assertThat(options.output()).isEqualTo("peers-gemm");
  }

  @Test
  void comparesOtherWeightsWhereAsked() {
    assertThat(parse("--engines vitj-bf16").engines())
        .containsExactly(EngineKind.VITJ, EngineKind.VITJ_BF16);
    assertThat(parse("--gemm --engines vitj-bf16,openblas").engines())
        .containsExactly(EngineKind.VITJ, EngineKind.VITJ_BF16, EngineKind.OPENBLAS);
    assertThat(parse("--gemm").engines()).doesNotContain(EngineKind.VITJ_BF16);
  }

  @Test
  void readsTheNeighbour() {
    assertThat(parse("--neighbour").neighbour()).isTrue();
    assertThat(parse("--neighbour").output()).isEqualTo("peers-neighbour");
    assertThat(parse("--gemm --neighbour --output b").output()).isEqualTo("b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --models b32       | no model 'b32'; there are ti16, s16, b16 and l16
          --threads 0        | --threads takes numbers from 1 on, not 0
          --batch one        | --batch takes numbers, not 'one'
          --turn -1          | --turn takes seconds from 0 on, not -1
          --rounds           | --rounds needs a value
          --gemm --gemm      | --gemm is given twice
          --speed 3          | peers has no option '--speed'
          --engines openblas | openblas runs no models
          """)
  void refusesInOneLine(String line, String message) {
    assertThatThrownBy(() -> parse(line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
