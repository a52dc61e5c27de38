package io.vitj.model.image;

import java.io.IOException;

/**
 * Why an encoded picture cannot be decoded, worded for the user but without the file's name, which
 * {@link ImageDecoder} adds.
 */
final class UnreadableImageException extends IOException {
  private static final long serialVersionUID = 1L;

  UnreadableImageException(String message) {
    super(message);
  }
}
