package io.vitj.cli;

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
}
