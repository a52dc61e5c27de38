package io.vitj.model.checkpoint.bytes;

import io.vitj.model.ModelException;
import java.nio.file.Path;

/**
 * Words the faults of one file.
 *
 * @param file the file
 * @param format what it should be, such as {@code "safetensors file"}
 */
public record Damage(Path file, String format) {
  /**
   * Makes the error for a file that contradicts itself or its format.
   *
   * @param message what is wrong; a format string
   * @param values its values; text out of the file must be quoted
   * @return the exception, to be thrown
   */
  public ModelException damaged(String message, Object... values) {
    return new ModelException(
        file
            + ": not a sound "
            + format
            + ": "
            + String.format(message, values)
            + "; download or write it again");
  }

  /**
   * Makes the error for a file that is sound but asks for what vitj does not do.
   *
   * @param message what it asks for, and what to do instead; a format string
   * @param values its values; text out of the file must be quoted
   * @return the exception, to be thrown
   */
  public ModelException refused(String message, Object... values) {
    return new ModelException(file + ": " + String.format(message, values));
  }
}
