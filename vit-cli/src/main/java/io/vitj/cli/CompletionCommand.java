package io.vitj.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code vit completion}: the script that teaches bash and zsh the verbs and options. */
@Command(
    name = "completion",
    description = "Prints a completion script for bash and zsh: source <(vit completion).")
final class CompletionCommand implements Runnable {
  @ParentCommand private VitCommand vit;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    vit.terminal().out().print(AutoComplete.bash("vit", spec.root().commandLine()));
  }
}
