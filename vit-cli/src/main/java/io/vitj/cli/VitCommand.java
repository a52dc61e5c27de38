package io.vitj.cli;

import io.vitj.model.QueryException;
import io.vitj.model.draw.ColourMap;
import io.vitj.model.pipeline.HeadFusion;
import io.vitj.tensor.DType;
import java.io.InputStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of the command tree, with the options that every verb takes. */
@Command(
    name = "vit",
    description = "Runs Vision Transformers on the CPU.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "VERB",
    usageHelpAutoWidth = true,
    sortOptions = false,
    footerHeading = "%n",
    footer =
        "Exit codes: 0 done, 1 failed (also when only some images could not be read), 2 usage.",
    subcommands = {
      ClassifyCommand.class,
      EmbedCommand.class,
      SimilarCommand.class,
      AttentionCommand.class,
      EvalCommand.class,
      PreprocessCommand.class,
      TraceCommand.class,
      InfoCommand.class,
      BenchCommand.class,
      ConvertCommand.class,
      PullCommand.class,
      CompletionCommand.class
    })
final class VitCommand implements Runnable {
  private final Terminal terminal;
  private final InputStream input;

  @Spec private CommandSpec spec;

  @Option(
      names = "--threads",
      paramLabel = "N",
      scope = ScopeType.INHERIT,
      description = "Threads to compute with (default: one per processor).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Print stack traces of failures.")
  private boolean verbose;

  /**
   * Makes the command.
   *
   * @param terminal where it writes
   * @param input what the image argument {@code -} reads
   */
  VitCommand(Terminal terminal, InputStream input) {
    this.terminal = terminal;
    this.input = input;
  }

  /**
   * Parses and runs one command line.
   *
   * @param args the command line
   * @return the exit code: 0 done, 1 failed, 2 wrong usage
   */
  int execute(String... args) {
    int code;
    try {
      code = commandLine().execute(args);
    } catch (OutOfMemoryError | ExceptionInInitializerError e) {
      code = Failures.failed(terminal, e, verbose); // picocli handles exceptions, but no errors
    }
    if (terminal.out().checkError() && code == 0) {
      terminal.complain("cannot write to standard output");
      code = CommandLine.ExitCode.SOFTWARE;
    }
    terminal.err().flush();
    return code;
  }

  private CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(this);
    return commandLine
        .setOut(terminal.out())
        .setErr(terminal.err())
        .registerConverter(OutputFormat.class, new Choice<>(OutputFormat.class))
        .registerConverter(TableFormat.class, new Choice<>(TableFormat.class))
        .registerConverter(
            AttentionCommand.Method.class, new Choice<>(AttentionCommand.Method.class))
        .registerConverter(HeadFusion.class, new Choice<>(HeadFusion.class))
        .registerConverter(ColourMap.class, new Choice<>(ColourMap.class))
        .registerConverter(EmbedCommand.Pooling.class, new Choice<>(EmbedCommand.Pooling.class))
        .registerConverter(ConvertCommand.Target.class, new Choice<>(ConvertCommand.Target.class))
        .registerConverter(DType.class, new Choice<>(DType.class))
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(terminal.colourOut() ? Ansi.ON : Ansi.OFF))
        .setParameterExceptionHandler((failure, arguments) -> Failures.usage(terminal, failure))
        .setExecutionExceptionHandler(
            (failure, command, result) ->
                failure instanceof QueryException query
                    ? Failures.usage(
                        terminal, new ParameterException(command, query.getMessage(), query))
                    : Failures.failed(terminal, failure, verbose));
  }

  /** No verb was given. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing verb");
  }

  /**
   * Returns where results and messages go.
   *
   * @return the terminal of this run
   */
  Terminal terminal() {
    return terminal;
  }

  /**
   * Returns what the image argument {@code -} reads.
   *
   * @return standard input
   */
  InputStream input() {
    return input;
  }

  /**
   * Returns the number of threads to compute with.
   *
   * @return at least 1
   */
  int threads() {
    Require.atLeastOne(spec, "--threads", threads);
    return threads;
  }

  /**
   * Tells whether the person wants to see stack traces.
   *
   * @return true with {@code --verbose}
   */
  boolean verbose() {
    return verbose;
  }
}
