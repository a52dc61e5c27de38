package io.vitj.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks of option values that picocli has no words for. */
final class Require {
  private Require() {}

  /**
   * Refuses an option value.
   *
   * @param holds whether the value is right
   * @param command the command it was given to
   * @param option the name of the option
   * @param value its value
   * @param reason what is wrong with it
   * @throws ParameterException if it is wrong
   */
  static void that(boolean holds, CommandSpec command, String option, Object value, String reason) {
    if (!holds) {
      throw new ParameterException(
          command.commandLine(),
          "Invalid value for option '%s': %s %s".formatted(option, value, reason));
    }
  }

  /**
   * Refuses a number below 1.
   *
   * @param command the command it was given to
   * @param option the name of the option
   * @param value its value
   * @throws ParameterException if it is below 1
   */
  static void atLeastOne(CommandSpec command, String option, long value) {
    that(value >= 1, command, option, value, "is below 1");
  }
}
