package io.vitj.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.vitj.model.ModelException;
import io.vitj.model.json.JsonFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The files of a checkpoint that a tokenizer is read from. */
final class TokenizerFiles {
  private static final String TOKENIZER = "tokenizer.json";
  private static final String VOCABULARY = "vocab.json";
  private static final String MERGES = "merges.txt";
  private static final String PIECES = "spiece.model";

  /** Where the names of special tokens are, the better first. */
  private static final List<String> SETTINGS =
      List.of("tokenizer_config.json", "special_tokens_map.json");

  /** All of them, as far as a checkpoint has them. */
  static final List<String> ALL =
      Stream.concat(Stream.of(TOKENIZER, VOCABULARY, MERGES, PIECES), SETTINGS.stream()).toList();

  private TokenizerFiles() {}

  static Tokenizer load(NamedFiles files) {
    Specials specials = Specials.read(files);
    Path place = files.place();
    Optional<JsonNode> tokenizer = json(files, TOKENIZER);
    if (tokenizer.isPresent()) {
      return explained(
          place.resolve(TOKENIZER), () -> TokenizerJson.read(tokenizer.get(), specials));
    }
    Optional<JsonNode> vocabulary = json(files, VOCABULARY);
    Optional<byte[]> merges = files.read(MERGES);
    if (vocabulary.isPresent() && merges.isPresent()) {
      Vocabulary tokens =
          explained(place.resolve(VOCABULARY), () -> Vocabulary.of(vocabulary.get()));
      return explained(
          place.resolve(MERGES),
          () -> ClipTokenizer.of(tokens, MergesFile.read(merges.get()), specials));
    }
    byte[] pieces =
        files
            .read(PIECES)
            .orElseThrow(
                () ->
                    new ModelException(
                        place
                            + ": has neither "
                            + TOKENIZER
                            + ", nor both "
                            + VOCABULARY
                            + " and "
                            + MERGES
                            + ", nor "
                            + PIECES
                            + "; texts need the tokenizer of the checkpoint"));
    return explained(place.resolve(PIECES), () -> siglip(pieces, specials));
  }

  private static Tokenizer siglip(byte[] pieces, Specials specials) {
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
    var model = SentencePieceModel.read(ByteBuffer.wrap(pieces));
    return SiglipTokenizer.of(model.model(), model.normalizer(), specials, List.of());
  }

  private static Optional<JsonNode> json(NamedFiles files, String name) {
    return files
        .read(name)
        .map(bytes -> JsonFiles.object(bytes, files.place().resolve(name).toString()));
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
    private static Specials read(NamedFiles source) {
      List<JsonNode> files =
          SETTINGS.stream()
              .map(name -> json(source, name).orElseGet(MissingNode::getInstance))
              .toList();
      JsonNode config = files.getFirst();
      return new Specials(
          config.path("tokenizer_class").asText(),
          config.path("do_lower_case").asBoolean(true),
          files);
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
