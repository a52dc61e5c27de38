package io.vitj.model.text;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The files that a tokenizer is read from, wherever they are. */
public interface NamedFiles {
  /** The largest, that of Gemma's tokenizer, has some 35 MB. */
  long MAX_BYTES = 64L << 20;

  /**
   * Says where they are.
   *
   * @return a path for messages
   */
  Path place();

  /**
   * Reads a file.
   *
   * @param name its name
   * @return its contents; none if there is no such file
   * @throws ModelException if it cannot be read
   */
  Optional<byte[]> read(String name);

  /**
   * Takes the files of a directory.
   *
   * @param directory the directory
   * @return its files
   */
  static NamedFiles in(Path directory) {
    return new NamedFiles() {
      @Override
      public Path place() {
        return directory;
      }

      @Override
      public Optional<byte[]> read(String name) {
        Path file = directory.resolve(name);
        if (!Files.exists(file)) {
          return Optional.empty();
        }
        try {
          long bytes = Files.size(file);
          if (bytes > MAX_BYTES) {
            throw new ModelException(
                "%s: has %d bytes; a tokenizer's files have at most %d"
                    .formatted(file, bytes, MAX_BYTES));
          }
          return Optional.of(Files.readAllBytes(file));
        } catch (IOException e) {
          throw new ModelException(file + ": cannot be read: " + ModelException.reason(e), e);
        }
      }
    };
  }
}
