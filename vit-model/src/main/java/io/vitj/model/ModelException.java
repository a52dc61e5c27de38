package io.vitj.model;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * A fault in something that the user gave: a file, a configuration, a name or an image. The message
 * is one line for that user: what was wrong, both values, in which file, and what to do.
 */
public sealed class ModelException extends RuntimeException permits QueryException {
  private static final long serialVersionUID = 1L;

  /** Longer names make no message clearer. */
  private static final int QUOTED_CHARS = 120;

  /**
   * Makes the exception.
   *
   * @param message the line for the user
   */
  public ModelException(String message) {
    super(message);
  }

  /**
   * Makes the exception with its origin.
   *
   * @param message the line for the user
   * @param cause the failure underneath
   */
  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Says where the fault was found.
   *
   * @param place such as a file
   * @return the same with the place before it
   */
  public ModelException at(Object place) {
    return new ModelException(place + ": " + getMessage(), this);
  }

  /**
   * Quotes text out of a file for a message.
   *
   * @param text any text
   * @return it in single quotes, on one line, shortened where it is long
   */
  public static String quote(String text) {
    return '\'' + oneLine(text) + '\'';
  }

  /**
   * Makes text fit into a message of one line.
   *
   * @param text any text
   * @return it with control characters escaped, shortened where it is long
   */
  public static String oneLine(String text) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), QUOTED_CHARS); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
        line.append(String.format("\\u%04x", (int) c));
      } else {
        line.append(c);
      }
    }
    return text.length() > QUOTED_CHARS ? line.append('…').toString() : line.toString();
  }

  /**
   * Says for a message why a file could not be used.
   *
   * @param failure what the file system threw
   * @return the reason on one line, without the name of the file
   */
  public static String reason(IOException failure) {
    String reason =
        switch (failure) {
          case NoSuchFileException e -> "there is no such file";
          case AccessDeniedException e -> "permission denied";
          case FileSystemException e -> e.getReason();
          default -> failure.getMessage();
        };
    return reason == null ? failure.getClass().getSimpleName() : oneLine(reason);
  }
}
