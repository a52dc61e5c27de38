package io.vitj.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitj.model.ModelException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The patterns of tokenizer files: a literal text, or a regular expression. Of expressions, only
 * those are taken that mean the same in Oniguruma, which the files are written for, and in Java,
 * and whose time does not explode: alternatives of characters, classes and quantifiers, without
 * groups.
 */
final class TextPattern {
  /** The longest in use has 100 characters. */
  private static final int MAX_LENGTH = 300;

  private static final String LITERALS = "[^\\\\\\[\\](){}.^$|?*+&&[^\\n]]";
  private static final String ESCAPE =
      "\\\\(?:[^a-zA-Z0-9<>\\n]|[nrtsSdD]|[pP]\\{L\\}|[pP]\\{N\\})";
  private static final String CLASS = "\\[\\^?(?:[^\\\\\\[\\]&^\\n]|" + ESCAPE + ")+\\]";
  private static final String ITEM = "(?:" + LITERALS + "|" + ESCAPE + "|" + CLASS + ")";
  private static final String QUANTIFIER = "(?:[*+?]|\\{\\d{1,2}(?:,\\d{0,2})?\\})";
  private static final String ALTERNATIVE = ITEM + "+(?:" + QUANTIFIER + ITEM + "*)?";
  private static final Pattern PLAIN = Pattern.compile(ALTERNATIVE + "(?:\\|" + ALTERNATIVE + ")*");

  private TextPattern() {}

  /**
   * Reads a pattern.
   *
   * @param json an object with {@code String} or {@code Regex}
   * @return the pattern
   * @throws ModelException if it is neither, or an expression that is not taken
   */
  static Pattern of(JsonNode json) {
    JsonNode literal = json.path("String");
    JsonNode regex = json.path("Regex");
    if (literal.isTextual() && !literal.textValue().isEmpty()) {
      return Pattern.compile(literal.textValue(), Pattern.LITERAL);
    }
    if (!regex.isTextual() || regex.textValue().isEmpty()) {
      throw new ModelException(
          "a pattern must be {\"String\": …} or {\"Regex\": …}, not "
              + ModelException.oneLine(json.toString()));
    }
    return ofRegex(regex.textValue());
  }

  /**
   * Compiles an expression.
   *
   * @param regex the expression
   * @return the pattern, with classes as Unicode has them
   * @throws ModelException if it is not taken
   */
  static Pattern ofRegex(String regex) {
    if (regex.length() <= MAX_LENGTH && PLAIN.matcher(regex).matches()) {
      try {
        Pattern pattern = Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS);
        if (!pattern.matcher("").find()) { // where empty matches lie differs between libraries
          return pattern;
        }
      } catch (PatternSyntaxException e) {
        throw unsupported(regex, e);
      }
    }
    throw unsupported(regex, null);
  }

  private static ModelException unsupported(String regex, Exception causeOrNull) {
    return new ModelException(
        "the regular expression "
            + ModelException.quote(regex)
            + " is not supported; vitj takes alternatives of characters and classes, with one"
            + " quantifier in each",
        causeOrNull);
  }
}
