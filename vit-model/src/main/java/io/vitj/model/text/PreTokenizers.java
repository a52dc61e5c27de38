package io.vitj.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitj.model.ModelException;
import io.vitj.model.json.JsonFields;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a normalised text is cut into pieces: the {@code pre_tokenizer} of a tokenizer file. */
final class PreTokenizers {
  /** How GPT-2 cuts text, which byte-level BPE does by default. */
  private static final Pattern GPT2 =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  /** Cuts one piece; what it cuts it into is never empty. */
  @FunctionalInterface
  interface PreTokenizer {
    /**
     * Cuts a piece.
     *
     * @param piece a text
     * @return its parts, without empty ones
     */
    List<String> cut(String piece);
  }

  /** What becomes of the matches of a pattern that cuts. */
  private enum Behavior {
    REMOVED,
    ISOLATED,
    MERGED_WITH_PREVIOUS,
    MERGED_WITH_NEXT
  }

  private PreTokenizers() {}

  /**
   * Reads a pre-tokenizer.
   *
   * @param json its object; null or missing for none
   * @return the pre-tokenizer
   * @throws ModelException if it is of a kind that is not supported, or malformed
   */
  static PreTokenizer of(JsonNode json) {
    if (json.isMissingNode() || json.isNull()) {
      return List::of;
    }
    JsonFields fields = new JsonFields(json, "pre_tokenizer.");
    String type = fields.text("type").orElse("");
    return switch (type) {
      case "Sequence" -> sequence(json.path("pretokenizers"));
      case "Split" -> split(json, fields);
      case "ByteLevel" ->
          byteLevel(fields.bool("add_prefix_space", true), fields.bool("use_regex", true));
      case "Metaspace" -> metaspace(fields);
      case "WhitespaceSplit" -> split(TextPattern.ofRegex("\\s"), Behavior.REMOVED);
      default -> throw new ModelException("pre_tokenizer " + Normalizers.unsupported(type));
    };
  }

  private static PreTokenizer sequence(JsonNode list) {
    List<PreTokenizer> parts = new ArrayList<>();
    list.forEach(part -> parts.add(of(part)));
    return piece -> {
      List<String> pieces = List.of(piece);
      for (PreTokenizer part : parts) {
        pieces = pieces.stream().flatMap(p -> part.cut(p).stream()).toList();
      }
      return pieces;
    };
  }

  private static PreTokenizer split(JsonNode json, JsonFields fields) {
    Pattern pattern = TextPattern.of(json.path("pattern"));
    String name = fields.text("behavior").orElse("");
    Behavior behavior =
        switch (name) {
          case "Removed" -> Behavior.REMOVED;
          case "Isolated" -> Behavior.ISOLATED;
          case "MergedWithPrevious" -> Behavior.MERGED_WITH_PREVIOUS;
          case "MergedWithNext" -> Behavior.MERGED_WITH_NEXT;
          default -> throw new ModelException("split behavior " + Normalizers.unsupported(name));
        };
    if (!fields.bool("invert", false)) {
      return split(pattern, behavior);
    }
    return switch (behavior) {
      case REMOVED -> piece -> pattern.matcher(piece).results().map(m -> m.group()).toList();
      case ISOLATED -> split(pattern, behavior);
      default -> throw new ModelException("inverted split " + Normalizers.unsupported(name));
    };
  }

  private static PreTokenizer split(Pattern pattern, Behavior behavior) {
    return piece -> {
      Cut cut = new Cut(piece);
      Matcher matcher = pattern.matcher(piece);
      while (matcher.find()) {
        switch (behavior) {
          case REMOVED -> {
            cut.before(matcher.start());
            cut.drop(matcher.end());
          }
          case ISOLATED -> {
            cut.before(matcher.start());
            cut.before(matcher.end());
          }
          case MERGED_WITH_PREVIOUS -> cut.before(matcher.end());
          case MERGED_WITH_NEXT -> cut.before(matcher.start());
        }
      }
      cut.before(piece.length());
      return cut.parts;
    };
  }

  /** A piece that is being cut from left to right. */
  private static final class Cut {
    final List<String> parts = new ArrayList<>();
    private final String piece;
    private int start;

    Cut(String piece) {
      this.piece = piece;
    }

    void before(int end) {
      if (start < end) {
        parts.add(piece.substring(start, end));
        start = end;
      }
    }

    void drop(int end) {
      start = end;
    }
  }

  private static PreTokenizer byteLevel(boolean prefixSpace, boolean cut) {
    PreTokenizer cutter = cut ? split(GPT2, Behavior.ISOLATED) : List::of;
    return piece -> {
      String text = prefixSpace && !piece.startsWith(" ") ? ' ' + piece : piece;
      return cutter.cut(text).stream().map(ByteLevel::encode).toList();
    };
  }

  private static PreTokenizer metaspace(JsonFields fields) {
    String mark = fields.text("replacement").orElse("▁");
    if (mark.codePointCount(0, mark.length()) != 1) {
      throw fields.wrong("replacement", "one character");
    }
    boolean legacy = fields.bool("add_prefix_space", true);
    String scheme = fields.text("prepend_scheme").orElse(legacy ? "always" : "never");
    if (!scheme.equals("always") && !scheme.equals("never")) {
      throw new ModelException("prepend_scheme " + Normalizers.unsupported(scheme));
    }
    return metaspace(mark, scheme.equals("always"), fields.bool("split", true));
  }

  /**
   * Cuts into words with a mark in place of the space before them, as SentencePiece has them.
   *
   * @param prepend whether a piece counts as following a space
   * @return the pre-tokenizer
   */
  static PreTokenizer metaspace(boolean prepend) {
    return metaspace("▁", prepend, true);
  }

  private static PreTokenizer metaspace(String mark, boolean prepend, boolean split) {
    Pattern pattern = Pattern.compile(mark, Pattern.LITERAL);
    PreTokenizer words = split ? split(pattern, Behavior.MERGED_WITH_NEXT) : List::of;
    return piece -> {
      String marked = piece.replace(" ", mark);
      return words.cut(prepend && !marked.startsWith(mark) ? mark + marked : marked);
    };
  }
}
