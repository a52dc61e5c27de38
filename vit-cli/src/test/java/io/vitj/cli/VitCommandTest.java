package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.tensor.kernel.KernelProvider;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VitCommandTest {
  @Test
  void theRootPrintsHelpWithItsVerbs() {
    Run run = Run.vit("--help");
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("Usage: vit").contains("--threads").contains("completion");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "classify",
        "embed",
        "similar",
        "attention",
        "eval",
        "preprocess",
        "trace",
        "info",
        "bench",
        "convert",
        "pull",
        "completion"
      })
  void everyVerbHasHelpAndTheCommonOptions(String verb) {
    Run run = Run.vit(verb, "--help");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("Usage: vit " + verb)
        .contains("--threads")
        .contains("--verbose");
  }

  @Test
  void versionNamesVersionKernelsAndJdk() {
    Run run = Run.vit("--version");
    assertThat(run.code()).isZero();
    assertThat(run.out().lines().findFirst())
        .hasValueSatisfying(line -> assertThat(line).matches("vit \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?"));
    assertThat(run.out()).contains("kernels: " + KernelProvider.description());
    assertThat(run.out()).contains("JDK: " + Runtime.version());
  }

  @Test
  void theCompletionScriptKnowsTheVerbs() {
    Run run = Run.vit("completion");
    assertThat(run.code()).isZero();
    assertThat(run.out()).startsWith("#!").contains("complete -F _complete_vit").contains("vit");
    assertThat(run.out())
        .contains("similar")
        .contains("--colour-map")
        .contains("(\"viridis\" \"inferno\" ")
        .contains("(\"rollout\" \"last\" \"head\")");
  }

  @Test
  void wrongUsageIsOneLineAndCodeTwo() {
    assertUsage(Run.vit(), "Missing verb");
    assertUsage(Run.vit("clasify"), "clasify");
    assertUsage(Run.vit("--no-such-option"), "--no-such-option");
    assertUsage(Run.vit("--threads", "many", "completion"), "--threads");
  }

  private static void assertUsage(Run run, String expected) {
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.complaint()).startsWith("vit: ").contains(expected).contains("vit --help");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void aSlipOfTheKeyboardGetsASuggestion() {
    assertThat(Run.vit("completoin").complaint()).contains("did you mean").contains("completion");
  }

  @Test
  void coloursNeedATerminal() {
    assertThat(Run.with(true, new byte[0], "--help").out()).contains("\u001b[");
    assertThat(Run.vit("--help").out()).doesNotContain("\u001b[");
    assertThat(Run.with(true, new byte[0], "nonsense").err()).contains("\u001b[31m");
    assertThat(Run.vit("nonsense").err()).doesNotContain("\u001b[");
  }

  @Test
  void noColorAndDumbTerminalsForbidColours() {
    assertThat(Terminal.allowsColour(Map.of("TERM", "xterm"))).isTrue();
    assertThat(Terminal.allowsColour(Map.of())).isTrue();
    assertThat(Terminal.allowsColour(Map.of("NO_COLOR", ""))).isTrue();
    assertThat(Terminal.allowsColour(Map.of("NO_COLOR", "1", "TERM", "xterm"))).isFalse();
    assertThat(Terminal.allowsColour(Map.of("TERM", "dumb"))).isFalse();
  }
}
