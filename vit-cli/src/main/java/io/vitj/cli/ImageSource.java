package io.vitj.cli;

import io.vitj.model.ModelException;
import io.vitj.model.image.DecodeLimits;
import io.vitj.model.image.ImageDecoder;
import io.vitj.model.image.RgbImage;
import java.io.IOException;
import java.io.InputStream;

/**
 * An image somewhere: a file, an entry of a zip, standard input.
 *
 * @param name how the person calls it
 * @param opener opens its bytes
 */
record ImageSource(String name, Opener opener) {
  /** Opens the bytes of an image. */
  @FunctionalInterface
  interface Opener {
    /**
     * Opens the image.
     *
     * @return its bytes; the caller closes it
     * @throws IOException if it cannot be opened
     */
    InputStream open() throws IOException;
  }

  /**
   * Says which image a failure is about.
   *
   * @param failure what was found wrong
   * @return the same with the name of the image before it
   */
  ModelException named(ModelException failure) {
    return failure.at(name);
  }

  /**
   * Decodes the image.
   *
   * @param limits what it may be like
   * @return its pixels
   * @throws ModelException if it cannot be read or decoded; the message has the name
   */
  RgbImage decode(DecodeLimits limits) {
    try (InputStream in = opener.open()) {
      return ImageDecoder.decode(in, name, limits);
    } catch (IOException e) {
      String reason = Failures.describe(e);
      throw new ModelException(reason.startsWith(name) ? reason : name + ": " + reason, e);
    }
  }
}
