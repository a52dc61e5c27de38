package io.vitj.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The two output streams of a run and what may be done on them. Results go to {@link #out},
 * everything else (errors, progress) to {@link #err}.
 *
 * @param out standard output
 * @param err standard error
 * @param colourOut whether results may be coloured
 * @param colourErr whether messages may be coloured
 * @param progress whether a line on standard error may be redrawn
 */
record Terminal(
    PrintWriter out, PrintWriter err, boolean colourOut, boolean colourErr, boolean progress) {
  private static final String RESET = "\u001b[0m";

  /**
   * Describes the streams of this process.
   *
   * @return the terminal; colours are off where {@code NO_COLOR} is set or {@code TERM} is dumb
   */
  static Terminal detect() {
    boolean outTerminal = isTerminal(1);
    boolean errTerminal = isTerminal(2);
    Map<String, String> environment = System.getenv();
    boolean dumb = "dumb".equals(environment.get("TERM"));
    boolean colour = allowsColour(environment);
    return new Terminal(
        writer(FileDescriptor.out, outTerminal ? "stdout.encoding" : null),
        writer(FileDescriptor.err, errTerminal ? "stderr.encoding" : null),
        colour && outTerminal,
        colour && errTerminal,
        errTerminal && !dumb);
  }

  /**
   * Tells whether the environment allows colours (no-color.org).
   *
   * @param environment the environment variables
   * @return false where {@code NO_COLOR} is set and not empty, or {@code TERM} is dumb
   */
  static boolean allowsColour(Map<String, String> environment) {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }

  /** Files and pipes get UTF-8 whatever the locale: JSON allows nothing else. */
  private static PrintWriter writer(FileDescriptor descriptor, String encodingProperty) {
    Charset charset =
        encodingProperty == null
            ? StandardCharsets.UTF_8
            : Charset.forName(System.getProperty(encodingProperty, "UTF-8"));
    return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), charset));
  }

  /**
   * {@link java.io.Console#isTerminal} asks for standard input and output together, so a pipe into
   * the command would hide the terminal behind standard error. Linux tells each apart.
   */
  private static boolean isTerminal(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    if (Files.isSymbolicLink(link)) {
      try {
        String target = Files.readSymbolicLink(link).toString();
        return target.startsWith("/dev/pts/")
            || target.startsWith("/dev/tty")
            || target.equals("/dev/console");
      } catch (IOException unreadable) {
        return false;
      }
    }
    return System.console() != null && System.console().isTerminal();
  }

  /**
   * Emphasises a heading of the results.
   *
   * @param text the text
   * @return the text, bold where colours are allowed
   */
  String bold(String text) {
    return colourOut ? "\u001b[1m" + text + RESET : text;
  }

  /**
   * Colours a figure of the results.
   *
   * @param text the text
   * @return the text, green where colours are allowed
   */
  String green(String text) {
    return colourOut ? "\u001b[32m" + text + RESET : text;
  }

  /**
   * Prints one line of error or warning, after the name of the command.
   *
   * @param message what happened; file names in it may hold line breaks and controls, which are
   *     replaced
   */
  void complain(String message) {
    String prefix = colourErr ? "\u001b[31mvit:" + RESET + ' ' : "vit: ";
    err.println(prefix + message.replaceAll("\\s*\\R\\s*", " ").replaceAll("\\p{Cntrl}", "?"));
    err.flush();
  }
}
