package io.vitj.model;

/**
 * A checkpoint, configuration or image that cannot be used. The message is one line a user can act
 * on: what is wrong, with both values, in which file, and what to do.
 */
public class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * A failure that was found by looking at the data.
   *
   * @param message one line for the user
   */
  public ModelException(String message) {
    super(message);
  }

  /**
   * A failure that something underneath reported.
   *
   * @param message one line for the user
   * @param cause what failed underneath
   */
  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
