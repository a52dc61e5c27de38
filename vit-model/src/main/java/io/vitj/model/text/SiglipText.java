package io.vitj.model.text;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What {@code SiglipTokenizer} of transformers does to a text before its SentencePiece model sees
 * it: lower case, no ASCII punctuation, one space for any whitespace (from big_vision).
 */
final class SiglipText {
  /** The 32 characters of {@code string.punctuation} in Python. */
  private static final Pattern PUNCTUATION = Pattern.compile("\\p{Punct}");

  /** Whitespace as Python has it: Unicode's, and four separators of ASCII. */
  private static final Pattern WHITESPACE =
      Pattern.compile("[\\s\\x1c-\\x1f]+", Pattern.UNICODE_CHARACTER_CLASS);

  private SiglipText() {}

  /**
   * Rewrites a text.
   *
   * @param text any text
   * @param lowerCase whether to lower its case
   * @return what takes its place
   */
  static String canonical(String text, boolean lowerCase) {
    String spaced = text.replace('▁', ' ');
    String lower = lowerCase ? spaced.toLowerCase(Locale.ROOT) : spaced;
    String words = PUNCTUATION.matcher(lower).replaceAll("");
    return WHITESPACE.matcher(words).replaceAll(" ").strip();
  }
}
