package io.vitj.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.vitj.model.ModelException;
import io.vitj.model.json.JsonFiles;
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
    if (!Files.exists(vocabulary) || !Files.exists(merges)) {
      throw new ModelException(
          directory
              + ": has no "
              + TOKENIZER
              + ", and not both "
              + VOCABULARY
              + " and "
              + MERGES
              + "; texts need the tokenizer of the checkpoint");
    }
    JsonNode ids = JsonFiles.readObject(vocabulary);
    Vocabulary tokens = explained(vocabulary, () -> Vocabulary.of(ids));
    return explained(merges, () -> ClipTokenizer.of(tokens, MergesFile.read(merges), specials));
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
