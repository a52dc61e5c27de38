package io.vitj.model;

/**
 * A question that this model has no answer to, though the model and its input are sound: it names a
 * layer, a head or a token that the model does not have.
 */
public final class QueryException extends ModelException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param message the line for the user
   */
  public QueryException(String message) {
    super(message);
  }

  private QueryException(String message, QueryException cause) {
    super(message, cause);
  }

  @Override
  public QueryException at(Object place) {
    return new QueryException(place + ": " + getMessage(), this);
  }
}
