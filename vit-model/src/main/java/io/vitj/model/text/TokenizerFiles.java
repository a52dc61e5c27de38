package io.vitj.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.vitj.model.ModelException;
import io.vitj.model.json.JsonFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The files in a checkpoint's directory that a tokenizer is read from. */
final class TokenizerFiles {
  private static final String TOKENIZER = "tokenizer.json";
  private static final String VOCABULARY = "vocab.json";
  private static final String MERGES = "merges.txt";
  private static final String PIECES = "spiece.model";

  /** SigLIP's has 0.8 MB. */
  private static final long MAX_PIECES_BYTES = 64L << 20;

  /** Where the names of special tokens are, the better first. */
  private static final List<String> SETTINGS =
      List.of("tokenizer_config.json", "special_tokens_map.json");

  private TokenizerFiles() {}

  static Tokenizer load(Path directory) {
    Specials specials = Specials.read(directory);
    Path tokenizer = directory.resolve(TOKENIZER);
    if (Files.exists(tokenizer)) {
      JsonNode json = JsonFiles.readObject(tokenizer);
      return explained(tokenizer, () -> TokenizerJson.read(json, specials));
    }
    Path vocabulary = directory.resolve(VOCABULARY);
    Path merges = directory.resolve(MERGES);
    if (Files.exists(vocabulary) && Files.exists(merges)) {
      JsonNode ids = JsonFiles.readObject(vocabulary);
      Vocabulary tokens = explained(vocabulary, () -> Vocabulary.of(ids));
      return explained(merges, () -> ClipTokenizer.of(tokens, MergesFile.read(merges), specials));
    }
    Path pieces = directory.resolve(PIECES);
    if (Files.exists(pieces)) {
      return explained(pieces, () -> siglip(pieces, specials));
    }
    throw new ModelException(
        directory
            + ": has neither "
            + TOKENIZER
            + ", nor both "
            + VOCABULARY
            + " and "
            + MERGES
            + ", nor "
            + PIECES
            + "; texts need the tokenizer of the checkpoint");
  }

  private static Tokenizer siglip(Path pieces, Specials specials) {
    String owner = specials.tokenizerClass();
    if (!owner.isEmpty() && !owner.equals(SiglipTokenizer.CLASS)) {
      throw new ModelException(
          "belongs to a "
              + ModelException.quote(owner)
              + "; vitj reads such files for "
              + SiglipTokenizer.CLASS
              + ", and others from "
              + TOKENIZER);
    }
    try {
      long bytes = Files.size(pieces);
      if (bytes > MAX_PIECES_BYTES) {
        throw new ModelException(
            "has " + bytes + " bytes; a tokenizer has at most " + MAX_PIECES_BYTES);
      }
      var model = SentencePieceModel.read(ByteBuffer.wrap(Files.readAllBytes(pieces)));
      return SiglipTokenizer.of(model.model(), model.normalizer(), specials, List.of());
    } catch (IOException e) {
      throw new ModelException("cannot be read: " + ModelException.reason(e), e);
    }
  }

  private static <T> T explained(Path source, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (ModelException e) {
      throw e.at(source);
    }
  }

  /**
   * What the settings beside a tokenizer say about it.
   *
   * @param tokenizerClass the class in transformers that it belongs to; empty if it is not said
   * @param lowerCase {@code do_lower_case}
   * @param files the settings, the better first
   */
  record Specials(String tokenizerClass, boolean lowerCase, List<JsonNode> files) {
    private static Specials read(Path directory) {
      List<JsonNode> files =
          SETTINGS.stream().map(directory::resolve).map(Specials::readIfThere).toList();
      JsonNode config = files.getFirst();
      return new Specials(
          config.path("tokenizer_class").asText(),
          config.path("do_lower_case").asBoolean(true),
          files);
    }

    private static JsonNode readIfThere(Path file) {
      return Files.exists(file) ? JsonFiles.readObject(file) : MissingNode.getInstance();
    }

    /**
     * Finds the text of a special token.
     *
     * @param key such as {@code pad_token}
     * @return its text, if one is named
     */
    Optional<String> token(String key) {
      return files.stream()
          .map(file -> file.path(key))
          .map(token -> token.isObject() ? token.path("content") : token)
          .filter(JsonNode::isTextual)
          .map(JsonNode::textValue)
          .findFirst();
    }
  }
}
