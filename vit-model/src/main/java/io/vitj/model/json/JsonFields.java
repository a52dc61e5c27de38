package io.vitj.model.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitj.model.ModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Typed access to the fields of a JSON object. A field that is absent or null has its default; one
 * of another type is an error that names it.
 *
 * @param object the object
 * @param prefix what to put before a field's name in messages, such as {@code "model_args."}
 */
public record JsonFields(JsonNode object, String prefix) {
  /**
   * Returns whether a field has a value.
   *
   * @param key the field
   * @return false if it is absent or null
   */
  public boolean has(String key) {
    return object.hasNonNull(key);
  }

  /**
   * Reads an integer.
   *
   * @param key the field
   * @param absent the value if it is absent or null
   * @return the value
   * @throws ModelException if it is something else than a 32-bit integer
   */
  public int integer(String key, int absent) {
    JsonNode node = object.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return absent;
    }
    if (!node.canConvertToExactIntegral() || !node.canConvertToInt()) {
      throw wrong(key, node, "an integer");
    }
    return node.intValue();
  }

  /**
   * Reads a number.
   *
   * @param key the field
   * @param absent the value if it is absent or null
   * @return the value
   * @throws ModelException if it is something else than a number
   */
  public double number(String key, double absent) {
    JsonNode node = object.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return absent;
    }
    if (!node.isNumber()) {
      throw wrong(key, node, "a number");
    }
    return node.doubleValue();
  }

  /**
   * Reads a truth value.
   *
   * @param key the field
   * @param absent the value if it is absent or null
   * @return the value
   * @throws ModelException if it is something else than true or false
   */
  public boolean bool(String key, boolean absent) {
    JsonNode node = object.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return absent;
    }
    if (!node.isBoolean()) {
      throw wrong(key, node, "true or false");
    }
    return node.booleanValue();
  }

  /**
   * Reads a text.
   *
   * @param key the field
   * @return the value, if there is one
   * @throws ModelException if it is something else than a string
   */
  public Optional<String> text(String key) {
    JsonNode node = object.path(key);
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isTextual()) {
      throw wrong(key, node, "a string");
    }
    return Optional.of(node.textValue());
  }

  /**
   * Reads a list of texts.
   *
   * @param key the field
   * @return the values; none if it is absent or null
   * @throws ModelException if it is something else than a list of strings
   */
  public List<String> texts(String key) {
    JsonNode node = object.path(key);
    List<String> values = new ArrayList<>();
    if (node.isMissingNode() || node.isNull()) {
      return values;
    }
    for (JsonNode value : node) {
      if (!node.isArray() || !value.isTextual()) {
        throw wrong(key, node, "a list of strings");
      }
      values.add(value.textValue());
    }
    return values;
  }

  /**
   * Reads height and width, written as one integer for both or as a list of the two.
   *
   * @param key the field
   * @param absent both values if it is absent or null
   * @return height and width
   * @throws ModelException if it is something else
   */
  public int[] size(String key, int absent) {
    JsonNode node = object.path(key);
    if (!node.isArray()) {
      int side = integer(key, absent);
      return new int[] {side, side};
    }
    if (node.size() != 2 || !node.path(0).canConvertToInt() || !node.path(1).canConvertToInt()) {
      throw wrong(key, node, "an integer or a list of height and width");
    }
    return new int[] {node.path(0).intValue(), node.path(1).intValue()};
  }

  /**
   * Makes the error for a value that does not serve.
   *
   * @param key the field
   * @param expected what it must be
   * @return the exception, to be thrown
   */
  public ModelException wrong(String key, String expected) {
    return wrong(key, object.path(key), expected);
  }

  private ModelException wrong(String key, JsonNode node, String expected) {
    return new ModelException(
        prefix + key + " must be " + expected + ", not " + ModelException.oneLine(node.toString()));
  }
}
