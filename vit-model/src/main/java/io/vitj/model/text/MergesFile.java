package io.vitj.model.text;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code merges.txt}: a pair of tokens a line, with one space between, in the order learned. */
final class MergesFile {
  /** CLIP's has half a megabyte. */
  private static final long MAX_BYTES = 64L << 20;

  private static final String COMMENT = "#version";

  private MergesFile() {}

  /**
   * Reads the file.
   *
   * @param file the file
   * @return the pairs
   * @throws ModelException if it cannot be read or is malformed; the message does not name it where
   *     a line is wrong
   */
  static List<String[]> read(Path file) {
    List<String[]> merges = new ArrayList<>();
    int number = 0;
    for (String line : lines(file)) {
      number++;
      if (!line.isEmpty() && !line.startsWith(COMMENT)) {
        merges.add(pair(line, "line " + number));
      }
    }
    return merges;
  }

  /**
   * Reads one pair.
   *
   * @param text the two tokens with a space between
   * @param where where it stands, for messages
   * @return the two
   * @throws ModelException if they are not two
   */
  static String[] pair(String text, String where) {
    String[] parts = text.split(" ", -1);
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new ModelException(
          where + " must be two tokens with a space between, not " + ModelException.quote(text));
    }
    return parts;
  }

  private static List<String> lines(Path file) {
    try {
      long bytes = Files.size(file);
      if (bytes > MAX_BYTES) {
        throw new ModelException("has " + bytes + " bytes; merges have at most " + MAX_BYTES);
      }
      return Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new ModelException("is not valid UTF-8", e);
    } catch (IOException e) {
      throw new ModelException("cannot be read: " + ModelException.reason(e), e);
    }
  }
}
