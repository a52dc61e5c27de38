package io.vitj.model.text;

import io.vitj.model.ModelException;
import io.vitj.model.text.Normalizers.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;

/**
 * Tokens that are cut out of a text before the vocabulary sees it, such as {@code <|endoftext|>}:
 * first those that are looked for in the text as it is, then those looked for when it is
 * normalised. Of several that start at one place the longest counts.
 */
final class AddedTokens {
  private static final Pattern WORD = Pattern.compile("\\w", Pattern.UNICODE_CHARACTER_CLASS);

  /**
   * One token.
   *
   * @param content its text
   * @param id its id
   * @param wholeWord whether it counts only where no letter or digit touches it
   * @param stripLeft whether it takes the whitespace before it along
   * @param stripRight whether it takes the whitespace behind it along
   * @param normalized whether it is looked for in normalised text
   */
  record Added(
      String content,
      int id,
      boolean wholeWord,
      boolean stripLeft,
      boolean stripRight,
      boolean normalized) {
    /**
     * Makes a token that is looked for in the text as it is.
     *
     * @param vocabulary the ids
     * @param content its text
     * @return the token
     * @throws ModelException if it is not in the vocabulary
     */
    static Added special(Vocabulary vocabulary, String content) {
      int id = vocabulary.id(content);
      if (id == Vocabulary.ABSENT) {
        throw new ModelException(
            "the vocabulary lacks the special token " + ModelException.quote(content));
      }
      return new Added(content, id, false, false, false, false);
    }
  }

  private record Entry(String content, Added token) {}

  private final Map<Character, List<Entry>> raw = new HashMap<>(); // by first character
  private final Map<Character, List<Entry>> normalized = new HashMap<>();
  private final Normalizer normalizer;

  /**
   * Indexes tokens.
   *
   * @param tokens the tokens
   * @param normalizer what happens to text
   */
  AddedTokens(List<Added> tokens, Normalizer normalizer) {
    this.normalizer = normalizer;
    for (Added token : tokens) {
      String content = token.normalized() ? normalizer.normalize(token.content()) : token.content();
      if (!content.isEmpty()) {
        (token.normalized() ? normalized : raw)
            .computeIfAbsent(content.charAt(0), c -> new ArrayList<>())
            .add(new Entry(content, token));
      }
    }
    Comparator<Entry> longestFirst =
        Comparator.comparingInt((Entry e) -> e.content().length()).reversed();
    raw.values().forEach(list -> list.sort(longestFirst));
    normalized.values().forEach(list -> list.sort(longestFirst));
  }

  /**
   * Cuts a text.
   *
   * @param text as the user gave it
   * @param rest takes what lies between the tokens, normalised; never empty
   * @param token takes the ids of tokens; calls are in the order of the text
   */
  void split(String text, Consumer<String> rest, IntConsumer token) {
    split(text, raw, part -> split(normalizer.normalize(part), normalized, rest, token), token);
  }

  private static void split(
      String text, Map<Character, List<Entry>> tokens, Consumer<String> rest, IntConsumer token) {
    int done = 0;
    int at = 0;
    while (at < text.length()) {
      Entry found = find(text, at, tokens);
      if (found == null) {
        at++;
        continue;
      }
      int start = at;
      at += found.content().length();
      Added added = found.token();
      if (added.wholeWord() && (endsWithWord(text, start) || startsWithWord(text, at))) {
        continue;
      }
      if (added.stripLeft()) {
        start = Math.max(Whitespace.skipBack(text, start), done);
      }
      if (done < start) {
        rest.accept(text.substring(done, start));
      }
      token.accept(added.id());
      done = added.stripRight() ? Whitespace.skip(text, at) : at;
    }
    if (done < text.length()) {
      rest.accept(text.substring(done));
    }
  }

  private static Entry find(String text, int at, Map<Character, List<Entry>> tokens) {
    for (Entry entry : tokens.getOrDefault(text.charAt(at), List.of())) {
      if (text.startsWith(entry.content(), at)) {
        return entry;
      }
    }
    return null;
  }

  private static boolean endsWithWord(String text, int end) {
    return end > 0 && isWord(text.codePointBefore(end));
  }

  private static boolean startsWithWord(String text, int start) {
    return start < text.length() && isWord(text.codePointAt(start));
  }

  private static boolean isWord(int c) {
    return WORD.matcher(Character.toString(c)).matches();
  }
}
