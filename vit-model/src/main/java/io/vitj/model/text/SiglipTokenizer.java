package io.vitj.model.text;

import io.vitj.model.text.AddedTokens.Added;
import io.vitj.model.text.Normalizers.Normalizer;
import io.vitj.model.text.TokenizerFiles.Specials;
import it.unimi.dsi.fastutil.ints.IntList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * {@code SiglipTokenizer} of transformers. Special tokens are cut out of the text as it is; the
 * rest is made lower case, without ASCII punctuation, with one space for any whitespace (from
 * big_vision), before the SentencePiece model sees it. Only the start of the text, not what follows
 * a special token, counts as following a space. A text that ends with the end token gets no second
 * one.
 */
final class SiglipTokenizer {
  /** Its {@code tokenizer_class}. */
  static final String CLASS = "SiglipTokenizer";

  private static final String END = "</s>";
  private static final String UNKNOWN = "<unk>";

  /** The 32 characters of {@code string.punctuation} in Python. */
  private static final Pattern PUNCTUATION = Pattern.compile("\\p{Punct}");

  /** Whitespace as Python has it: Unicode's, and four separators of ASCII. */
  private static final Pattern WHITESPACE =
      Pattern.compile("[\\s\\x1c-\\x1f]+", Pattern.UNICODE_CHARACTER_CLASS);

  private SiglipTokenizer() {}

  /**
   * Makes the tokenizer.
   *
   * @param model the pieces
   * @param normalizer what the SentencePiece model does to a text
   * @param specials names the special tokens, if they are not SigLIP's own, and whether case counts
   * @param others more tokens to be cut out
   * @return the tokenizer
   * @throws io.vitj.model.ModelException if a special token is not in the vocabulary
   */
  static Tokenizer of(
      TokenModel model, Normalizer normalizer, Specials specials, List<Added> others) {
    Vocabulary vocabulary = model.vocabulary();
    Added end = Added.special(vocabulary, specials.token("eos_token").orElse(END));
    Added unknown = Added.special(vocabulary, specials.token("unk_token").orElse(UNKNOWN));
    Added padding = Added.special(vocabulary, specials.token("pad_token").orElse(end.content()));
    Map<String, Added> added = new LinkedHashMap<>();
    others.forEach(token -> added.put(token.content(), token));
    List.of(unknown, padding, end).forEach(token -> added.put(token.content(), token));
    int largest = added.values().stream().mapToInt(Added::id).max().orElseThrow();
    Normalizer canonical = text -> canonical(text, specials.lowerCase());
    return new Tokenizer(
        new Tokenizer.Parts(
            new AddedTokens(List.copyOf(added.values()), canonical.then(normalizer)),
            PreTokenizers.metaspace(true),
            PreTokenizers.metaspace(false),
            model,
            new Template(IntList.of(), IntList.of(end.id()), true),
            Math.max(largest, vocabulary.largestId())),
        padding.id());
  }

  private static String canonical(String text, boolean lowerCase) {
    String spaced = text.replace('▁', ' ');
    String lower = lowerCase ? spaced.toLowerCase(Locale.ROOT) : spaced;
    String words = PUNCTUATION.matcher(lower).replaceAll("");
    return WHITESPACE.matcher(words).replaceAll(" ").strip();
  }
}
