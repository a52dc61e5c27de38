package io.vitj.cli;

import io.vitj.model.ModelException;
import io.vitj.model.Presets;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The option that names the architecture of weights that do not say it. */
final class ArchitectureOption {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--arch",
      paramLabel = "NAME",
      description =
          "Architecture of the weights by its name in timm, such as vit_base_patch16_224, where the"
              + " model has no config.json.")
  private String name;

  /**
   * Returns the architecture.
   *
   * @param model what {@code --model} names; null for the bundled model
   * @return a known name, or null if none was given
   * @throws ParameterException if it is unknown, or there is no model that it could be of
   */
  String name(String model) {
    if (name != null) {
      Require.that(model != null, spec, "--arch", name, "needs --model with the weights");
      try {
        Presets.requireKnown(name);
      } catch (ModelException e) {
        throw new ParameterException(
            spec.commandLine(), "Invalid value for option '--arch': " + e.getMessage(), e);
      }
    }
    return name;
  }
}
