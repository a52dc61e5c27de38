package io.vitj.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitj.model.ModelException;
import io.vitj.model.json.JsonFields;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What happens to a text before it is cut: the {@code normalizer} of a {@code tokenizer.json}. */
final class Normalizers {
  /** No caption is longer; it bounds what rules that lengthen a text can do one after another. */
  private static final int MAX_TEXT = 1 << 20;

  /** The longest that one rule puts in the place of a match, or in front. */
  private static final int MAX_CONTENT = 64;

  private static final Pattern SPACES = Pattern.compile(" {2,}");

  /** Rewrites a text. */
  @FunctionalInterface
  interface Normalizer {
    /**
     * Rewrites a text.
     *
     * @param text any text
     * @return what takes its place
     */
    String normalize(String text);

    /**
     * Joins two.
     *
     * @param next what follows
     * @return this and then that
     */
    default Normalizer then(Normalizer next) {
      return text -> next.normalize(bounded(normalize(text)));
    }
  }

  private Normalizers() {}

  /**
   * Reads a normalizer.
   *
   * @param json its object; null or missing for none
   * @return the normalizer
   * @throws ModelException if it is of a kind that is not supported, or malformed
   */
  static Normalizer of(JsonNode json) {
    if (json.isMissingNode() || json.isNull()) {
      return text -> text;
    }
    JsonFields fields = new JsonFields(json, "normalizer.");
    String type = fields.text("type").orElse("");
    return switch (type) {
      case "Sequence" -> sequence(json.path("normalizers"));
      case "NFC" -> form(Form.NFC);
      case "NFD" -> form(Form.NFD);
      case "NFKC" -> form(Form.NFKC);
      case "NFKD" -> form(Form.NFKD);
      case "Lowercase" -> Normalizers::lowerCase;
      case "Strip" -> strip(fields.bool("strip_left", true), fields.bool("strip_right", true));
      case "Prepend" -> prepend(content(fields, "prepend"));
      case "Replace" -> replace(TextPattern.of(json.path("pattern")), content(fields, "content"));
      case "Precompiled" ->
          CharacterMap.ofBase64(fields.text("precompiled_charsmap").orElse(""))::normalize;
      default -> throw new ModelException("normalizer " + unsupported(type));
    };
  }

  /**
   * Refuses a text that is too long.
   *
   * @param text any text
   * @return the same
   * @throws ModelException if it is too long
   */
  static String bounded(String text) {
    if (text.length() > MAX_TEXT) {
      throw new ModelException(
          "a text of " + text.length() + " characters is too long; at most " + MAX_TEXT);
    }
    return text;
  }

  private static String content(JsonFields fields, String key) {
    String content = fields.text(key).orElse("");
    if (content.length() > MAX_CONTENT) {
      throw fields.wrong(key, "at most " + MAX_CONTENT + " characters");
    }
    return content;
  }

  /**
   * Words the refusal of a part.
   *
   * @param type its type
   * @return the end of a message
   */
  static String unsupported(String type) {
    return ModelException.quote(type)
        + " is not supported; vitj reads the tokenizers of CLIP and SigLIP";
  }

  private static Normalizer sequence(JsonNode list) {
    List<Normalizer> parts = new ArrayList<>();
    list.forEach(part -> parts.add(of(part)));
    return parts.stream().reduce(Normalizer::then).orElse(text -> text);
  }

  private static Normalizer form(Form form) {
    return text -> java.text.Normalizer.normalize(text, form);
  }

  /** Each character alone: where a sigma stands in its word makes no difference. */
  private static String lowerCase(String text) {
    StringBuilder lower = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              lower.appendCodePoint(Character.toLowerCase(c));
              if (c == 'İ') {
                lower.append('\u0307'); // the only letter with two in lower case: i, dot above
              }
            });
    return lower.toString();
  }

  private static Normalizer strip(boolean left, boolean right) {
    return text -> {
      int start = left ? Whitespace.skip(text, 0) : 0;
      int end = right ? Whitespace.skipBack(text, text.length()) : text.length();
      return start < end ? text.substring(start, end) : "";
    };
  }

  /**
   * Takes spaces away at the end, and all but one elsewhere.
   *
   * @param text any text
   * @return what is left
   */
  static String singleSpaces(String text) {
    return SPACES.matcher(strip(false, true).normalize(text)).replaceAll(" ");
  }

  private static Normalizer prepend(String prefix) {
    return text -> text.isEmpty() ? text : prefix + text;
  }

  private static Normalizer replace(Pattern pattern, String content) {
    String literal = Matcher.quoteReplacement(content);
    return text -> pattern.matcher(text).replaceAll(literal);
  }
}
