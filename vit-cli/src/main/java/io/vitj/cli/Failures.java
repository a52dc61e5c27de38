package io.vitj.cli;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever ends a run into one line on standard error and an exit code. */
final class Failures {
  private Failures() {}

  /**
   * Reports a wrong command line.
   *
   * @param terminal where to report
   * @param failure what picocli, or a verb, found wrong
   * @return {@link CommandLine.ExitCode#USAGE}
   */
  static int usage(Terminal terminal, ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    String hint = "see '" + command.getCommandSpec().qualifiedName() + " --help'";
    if (failure instanceof UnmatchedArgumentException unmatched) {
      List<String> near = unmatched.getSuggestions();
      if (!near.isEmpty()) {
        hint = "did you mean " + String.join(" or ", near) + "? " + hint;
      }
    }
    terminal.complain(failure.getMessage() + " (" + hint + ')');
    return CommandLine.ExitCode.USAGE;
  }

  /**
   * Reports a run that failed.
   *
   * @param terminal where to report
   * @param failure what was thrown
   * @param verbose whether to print the stack trace too
   * @return {@link CommandLine.ExitCode#SOFTWARE}
   */
  static int failed(Terminal terminal, Throwable failure, boolean verbose) {
    terminal.complain(describe(failure));
    if (verbose) {
      failure.printStackTrace(terminal.err());
      terminal.err().flush();
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  /**
   * Describes a failure to a person.
   *
   * @param failure what was thrown
   * @return one line
   */
  static String describe(Throwable failure) {
    return switch (failure) {
      case ModelException e -> e.getMessage();
      case InvalidPathException e ->
          e.getInput() + ": no usable file name here; names beyond ASCII need LC_ALL=C.UTF-8";
      case UncheckedIOException e -> describe(e.getCause());
      // -Dvitj.kernels or -Dvitj.simd.bits asks for something that this machine lacks.
      case ExceptionInInitializerError e when e.getCause() instanceof IllegalArgumentException c ->
          c.getMessage();
      case ExceptionInInitializerError e when e.getCause() instanceof IllegalStateException c ->
          c.getMessage();
      case NoSuchFileException e -> e.getFile() + ": no such file or directory";
      case NotDirectoryException e -> e.getFile() + ": not a directory";
      case AccessDeniedException e -> e.getFile() + ": permission denied";
      case FileSystemException e ->
          e.getFile() + ": " + (e.getReason() == null ? "cannot be used" : e.getReason());
      case IOException e -> e.getMessage() == null ? e.toString() : e.getMessage();
      case OutOfMemoryError e ->
          "out of memory ("
              + e.getMessage()
              + "): lower --batch, or raise -Xmx in JAVA_TOOL_OPTIONS";
      default -> "internal error: " + failure + "; --verbose prints where";
    };
  }
}
