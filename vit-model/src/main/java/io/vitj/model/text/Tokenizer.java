package io.vitj.model.text;

import io.vitj.model.ModelException;
import io.vitj.model.text.PreTokenizers.PreTokenizer;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntList;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Turns text into the token ids that a text tower was trained on. The steps are those of Hugging
 * Face's tokenizers: added tokens are cut out, the rest is normalised, cut into words and each word
 * into tokens of the vocabulary; the result is put between a start and an end token.
 *
 * <p>Immutable and thread-safe.
 */
public final class Tokenizer {
  /**
   * The parts of a tokenizer.
   *
   * @param added what is cut out of a text
   * @param words cuts the start of a text into words
   * @param later cuts what follows other tokens
   * @param model cuts words into tokens
   * @param template what is around them
   * @param largestId the largest id of all
   */
  record Parts(
      AddedTokens added,
      PreTokenizer words,
      PreTokenizer later,
      TokenModel model,
      Template template,
      int largestId) {}

  private final Parts parts;
  private final int padding;

  Tokenizer(Parts parts, int padding) {
    this.parts = parts;
    this.padding = padding;
  }

  /**
   * Reads the tokenizer of a checkpoint.
   *
   * @param directory with {@code tokenizer.json}, CLIP's {@code vocab.json} and {@code merges.txt},
   *     or {@code spiece.model} of SigLIP
   * @return the tokenizer
   * @throws ModelException if there is none, or it is malformed or of another kind
   */
  public static Tokenizer load(Path directory) {
    return load(NamedFiles.in(directory));
  }

  /**
   * Reads a tokenizer.
   *
   * @param files {@code tokenizer.json}, or CLIP's {@code vocab.json} and {@code merges.txt}, and
   *     the settings beside them
   * @return the tokenizer
   * @throws ModelException if there is none, or it is malformed or of another kind
   */
  public static Tokenizer load(NamedFiles files) {
    return TokenizerFiles.load(files);
  }

  /**
   * Lists the files that a tokenizer may be read from.
   *
   * @return their names
   */
  public static List<String> files() {
    return TokenizerFiles.ALL;
  }

  /**
   * Encodes a text.
   *
   * @param text any text
   * @return its tokens between start and end token, as far as the tokenizer has them
   * @throws ModelException if the vocabulary cannot express it
   */
  public int[] encode(String text) {
    return parts.template().around(tokens(text), Integer.MAX_VALUE);
  }

  /**
   * Encodes a text for a model of a fixed context length. What is too long loses its last tokens,
   * not the end token; what is too short is padded behind its end token.
   *
   * @param text any text
   * @param length the context length
   * @return so many ids
   * @throws ModelException if the vocabulary cannot express it
   */
  public int[] encode(String text, int length) {
    int[] ids = parts.template().around(tokens(text), length);
    int[] padded = Arrays.copyOf(ids, length);
    Arrays.fill(padded, Math.min(ids.length, length), length, padding);
    return padded;
  }

  private IntList tokens(String text) {
    IntList ids = new IntArrayList();
    parts
        .added()
        .split(
            Normalizers.bounded(text),
            rest -> {
              PreTokenizer words = ids.isEmpty() ? parts.words() : parts.later();
              words.cut(rest).forEach(word -> parts.model().encode(word, ids));
            },
            ids::add);
    return ids;
  }

  /**
   * Returns the id behind the end of short texts.
   *
   * @return the padding token
   */
  public int padding() {
    return padding;
  }

  /**
   * Returns how many rows a table of token embeddings must have.
   *
   * @return the largest id that this tokenizer can make
   */
  public int largestId() {
    return Math.max(parts.largestId(), padding);
  }
}
