package io.vitj.cli;

import io.vitj.model.image.DecodeLimits;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The option that says what images may be like. */
final class DecodeOptions {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--max-pixels",
      paramLabel = "N",
      description = "Refuse images with more pixels than this (default: ${DEFAULT-VALUE}).")
  private long maxPixels = DecodeLimits.DEFAULT.maxPixels();

  /**
   * Returns what images may be like.
   *
   * @return the limits
   */
  DecodeLimits limits() {
    Require.atLeastOne(spec, "--max-pixels", maxPixels);
    return new DecodeLimits(maxPixels);
  }
}
