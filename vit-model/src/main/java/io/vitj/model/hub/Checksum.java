package io.vitj.model.hub;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The checksum that a hub gives as the ETag of a file: of a large one (Git LFS) its SHA-256, of a
 * small one the name of its git blob, which is the SHA-1 of {@code "blob " + length + '\0' +
 * bytes}.
 *
 * <p>Source: the documentation of {@code hf_hub_url} in huggingface_hub 1.33; "Git Internals - Git
 * Objects" in Pro Git.
 *
 * @param algorithm what computes it
 * @param expected the value in hexadecimal digits
 */
record Checksum(Algorithm algorithm, String expected) {
  private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]+");
  private static final int BUFFER_BYTES = 1 << 18;

  /** What computes a checksum. */
  enum Algorithm {
    /** SHA-256 of the bytes. */
    SHA_256("SHA-256", 64),
    /** SHA-1 of a header with the length, and the bytes. */
    GIT_BLOB("SHA-1", 40);

    private final String digest;
    private final int digits;

    Algorithm(String digest, int digits) {
      this.digest = digest;
      this.digits = digits;
    }
  }

  /**
   * Finds the checksum in an ETag.
   *
   * @param etag without quotes
   * @return the checksum; none if the ETag of this server is something else
   */
  static Optional<Checksum> of(String etag) {
    if (HEXADECIMAL.matcher(etag).matches()) {
      for (Algorithm algorithm : Algorithm.values()) {
        if (etag.length() == algorithm.digits) {
          return Optional.of(new Checksum(algorithm, etag));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Computes the checksum of a file.
   *
   * @param file the file
   * @return the value in hexadecimal digits
   * @throws ModelException if it cannot be read
   */
  String compute(Path file) {
    try (SeekableByteChannel in = Files.newByteChannel(file)) {
      MessageDigest digest = MessageDigest.getInstance(algorithm.digest);
      if (algorithm == Algorithm.GIT_BLOB) {
        digest.update(("blob " + in.size() + '\0').getBytes(StandardCharsets.US_ASCII));
      }
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
      while (in.read(buffer) >= 0) {
        digest.update(buffer.flip());
        buffer.clear();
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new ModelException(file + ": cannot be read: " + ModelException.reason(e), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1 and SHA-256", e);
    }
  }
}
