package io.vitj.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitj.model.ModelException;
import it.unimi.dsi.fastutil.ints.IntList;
import it.unimi.dsi.fastutil.objects.Object2IntMap;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;

/** The ids of tokens by their text. */
final class Vocabulary {
  /** The id of what is no token. */
  static final int ABSENT = -1;

  private final Object2IntMap<String> ids;
  private final int largest;

  private Vocabulary(Object2IntMap<String> ids) {
    this.ids = ids;
    ids.defaultReturnValue(ABSENT);
    largest = ids.values().intStream().max().orElse(ABSENT);
  }

  /**
   * Reads a JSON object of ids by token.
   *
   * @param json the object
   * @return the vocabulary
   * @throws ModelException if it is something else, or empty
   */
  static Vocabulary of(JsonNode json) {
    if (!json.isObject() || json.isEmpty()) {
      throw new ModelException("the vocabulary must be a JSON object of ids by token");
    }
    Object2IntMap<String> ids = new Object2IntOpenHashMap<>(json.size());
    for (Map.Entry<String, JsonNode> token : json.properties()) {
      ids.put(token.getKey(), id(token.getKey(), token.getValue()));
    }
    return new Vocabulary(ids);
  }

  /**
   * Numbers tokens in their order; of equal ones the last counts.
   *
   * @param tokens their texts
   * @return the vocabulary
   */
  static Vocabulary of(String... tokens) {
    Object2IntMap<String> ids = new Object2IntOpenHashMap<>(tokens.length);
    for (int i = 0; i < tokens.length; i++) {
      ids.put(tokens[i], i);
    }
    return new Vocabulary(ids);
  }

  /**
   * Reads an id.
   *
   * @param token the text of its token, for messages
   * @param id the value
   * @return the id
   * @throws ModelException if it is none
   */
  static int id(String token, JsonNode id) {
    if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
      throw new ModelException(
          "token "
              + ModelException.quote(token)
              + " must have an integer from 0 as its id, not "
              + ModelException.oneLine(id.toString()));
    }
    return id.intValue();
  }

  /**
   * Looks a token up.
   *
   * @param token its text
   * @return its id, or {@link #ABSENT}
   */
  int id(String token) {
    return ids.getInt(token);
  }

  /**
   * Returns the bound of the ids.
   *
   * @return the largest
   */
  int largestId() {
    return largest;
  }

  /**
   * Appends a text as tokens that stand for its bytes in UTF-8, such as {@code <0x0A>}.
   *
   * @param text any text
   * @param to where to append
   * @return false, with nothing appended, if a byte has no token
   */
  boolean appendBytes(String text, IntList to) {
    int size = to.size();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      int id = id("<0x" + HexFormat.of().withUpperCase().toHexDigits(b) + '>');
      if (id == ABSENT) {
        to.size(size);
        return false;
      }
      to.add(id);
    }
    return true;
  }
}
