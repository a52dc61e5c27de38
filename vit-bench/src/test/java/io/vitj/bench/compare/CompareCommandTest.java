package io.vitj.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitj.model.ModelException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompareCommandTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          main               | compare needs two revisions first: compare main .
          main --rounds      | compare needs two revisions first: compare main .
          a b --rounds 5     | --rounds 5 tells nothing at 95 %; at least 6 do
          a b --rounds many  | --rounds takes a number, not 'many'
          a b Gemm -p        | -p needs a value
          """)
  void refusesInOneLine(String line, String message) {
    assertThatThrownBy(() -> CompareCommand.parse(List.of(line.split(" "))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void readsMediansOfJmh() throws Exception {
    String json =
        """
        [{"benchmark": "io.vitj.bench.kernel.GemmBenchmark.linear",
          "params": {"threads": "1", "rows": "197"},
          "primaryMetric": {"score": 12.5, "scorePercentiles": {"0.0": 9.0, "50.0": 11.25}}}]
        """;
    assertThat(Revision.medians(new ObjectMapper().readTree(json)))
        .containsExactly(entry("kernel.GemmBenchmark.linear rows=197, threads=1", 11.25));
  }

  @Test
  void tellsWhatChanged() {
    String table =
        CompareCommand.table(
            "main (0123456789)",
            "working tree",
            List.of(
                Comparison.of("x", Collections.nCopies(8, 1.25)),
                Comparison.of("y", Collections.nCopies(8, 1.0))));
    assertThat(table)
        .contains("A = main (0123456789), B = working tree")
        .contains("| x | 1.250 | 1.250–1.250 | slower |")
        .contains("| y | 1.000 | 1.000–1.000 |  |");
  }

  @Test
  void saysInOneLineWhatAProgramSays() {
    Path here = Path.of(".");
    assertThat(Command.run(here, Map.of("WORD", "b"), List.of("sh", "-c", "echo a $WORD")))
        .isEqualTo("a b");
    assertThatThrownBy(
            () -> Command.run(here, Map.of(), List.of("sh", "-c", "echo a; echo b; exit 3")))
        .isInstanceOf(ModelException.class)
        .hasMessage("sh failed: b");
    assertThatThrownBy(() -> Command.run(here, Map.of(), List.of("no-such-program")))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("no-such-program cannot be run");
  }
}
