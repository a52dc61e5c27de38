package io.vitj.cli;

import io.vitj.model.image.DecodeLimits;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that say how images are loaded. */
final class LoadOptions {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images computed together (default: ${DEFAULT-VALUE}).")
  private int batch = 8;

  @Mixin private DecodeOptions decoding;

  /**
   * Returns the images computed together.
   *
   * @return at least 1
   */
  int batch() {
    Require.atLeastOne(spec, "--batch", batch);
    return batch;
  }

  /**
   * Returns what images may be like.
   *
   * @return the limits
   */
  DecodeLimits limits() {
    return decoding.limits();
  }
}
