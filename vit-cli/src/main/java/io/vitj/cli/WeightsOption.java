package io.vitj.cli;

import io.vitj.tensor.DType;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The option that says how weights are kept in memory. */
final class WeightsOption {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--weights",
      paramLabel = "TYPE",
      description =
          "How weights are kept in memory, f32 or bf16: half of it, rounded to 8 bits (default:"
              + " f32, or as a .vitj file holds them).")
  private DType dtype;

  /**
   * Returns the type.
   *
   * @return F32, BF16, or null if none was given
   */
  DType dtype() {
    Require.that(dtype != DType.F16, spec, "--weights", "f16", "is neither f32 nor bf16");
    return dtype;
  }
}
