package io.vitj.model.text;

import io.vitj.model.ModelException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** {@code merges.txt}: a pair of tokens a line, with one space between, in the order learned. */
final class MergesFile {
  private static final String COMMENT = "#version";

  private MergesFile() {}

  /**
   * Reads the file.
   *
   * @param file its contents
   * @return the pairs
   * @throws ModelException if it is malformed; the message does not name it
   */
  static List<String[]> read(byte[] file) {
    List<String[]> merges = new ArrayList<>();
    int number = 0;
    for (String line : text(file).lines().toList()) {
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

  private static String text(byte[] file) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString();
    } catch (CharacterCodingException e) {
      throw new ModelException("is not valid UTF-8", e);
    }
  }
}
