package io.vitj.model;

/**
 * A fault in something that the user gave: a file, a configuration, a name or an image. The message
 * is one line for that user: what was wrong, both values, in which file, and what to do.
 */
public final class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

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
}
