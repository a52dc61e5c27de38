package io.vitj.cli;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * What one command line did, run in this process.
 *
 * @param code the exit code
 * @param out standard output
 * @param err standard error
 */
record Run(int code, String out, String err) {
  /**
   * Runs a command line without a terminal and with empty standard input.
   *
   * @param args the command line
   * @return what it did
   */
  static Run vit(Object... args) {
    return with(false, new byte[0], args);
  }

  /**
   * Runs a command line.
   *
   * @param terminal whether it may use colours and redraw a progress line
   * @param input standard input
   * @param args the command line
   * @return what it did
   */
  static Run with(boolean terminal, byte[] input, Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal streams =
        new Terminal(new PrintWriter(out), new PrintWriter(err), terminal, terminal, terminal);
    String[] line = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      line[i] = args[i].toString();
    }
    int code = new VitCommand(streams, new ByteArrayInputStream(input)).execute(line);
    return new Run(code, out.toString(), err.toString());
  }

  /**
   * Returns the only line of standard error.
   *
   * @return the line, without its end
   */
  String complaint() {
    if (err.indexOf('\n') != err.length() - 1) {
      throw new AssertionError("not one line on standard error: " + err);
    }
    return err.strip();
  }
}
