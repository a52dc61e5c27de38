package io.vitj.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitj.model.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of tokenizer against Hugging Face's own, on ordinary and on odd texts. */
class TokenizerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"clip", "clip-json", "siglip", "siglip-pieces", "siglip2-tokenizer"})
  void encodesAsTheReference(String name) throws IOException {
    Path directory = Fixtures.text(name);
    assertEncodesAs(directory, Tokenizer.load(directory));
  }

  /** The pieces of a SentencePiece model, and the same in Hugging Face's format. */
  @Test
  void siglipReadsPiecesAsItReadsTheirConversion() throws IOException {
    Path pieces = Fixtures.text("siglip-pieces");
    Files.copy(pieces.resolve("converted.json"), folder.resolve("tokenizer.json"));
    settings(Files.readString(pieces.resolve("tokenizer_config.json")));
    assertEncodesAs(pieces, Tokenizer.load(folder));
  }

  private static void assertEncodesAs(Path directory, Tokenizer tokenizer) throws IOException {
    JsonNode cases = JSON.readTree(directory.resolve("tokens.json").toFile());
    assertThat(cases).hasSizeGreaterThanOrEqualTo(100);
    for (JsonNode entry : cases) {
      String text = entry.get(0).textValue();
      int[] expected = JSON.treeToValue(entry.get(1), int[].class);
      assertThat(tokenizer.encode(text)).as(text).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"clip, 553, 553", "siglip, 1, 1", "siglip-pieces, 1, 1", "siglip2-tokenizer, 1, 0"})
  void padsBehindTheEndAndCutsBeforeIt(String name, int end, int padding) {
    Tokenizer tokenizer = Tokenizer.load(Fixtures.text(name));
    int[] ids = tokenizer.encode("a photo of a cat");
    int length = ids.length;

    assertThat(ids[length - 1]).isEqualTo(end);
    assertThat(tokenizer.padding()).isEqualTo(padding);
    int[] padded = tokenizer.encode("a photo of a cat", length + 2);
    assertThat(padded).hasSize(length + 2).startsWith(ids).endsWith(padding, padding);
    assertThat(tokenizer.encode("a photo of a cat", length)).isEqualTo(ids);
    int[] cut = tokenizer.encode("a photo of a cat", length - 2);
    int[] expected = new int[length - 2];
    System.arraycopy(ids, 0, expected, 0, length - 3);
    expected[length - 3] = end;
    assertThat(cut).isEqualTo(expected);
    assertThat(tokenizer.encode("a photo of a cat", 1)).hasSize(1);
  }

  @Test
  void siglipsOwnClassStripsPunctuationWhereTheFileDoesNot() throws IOException {
    Path siglip = Fixtures.text("siglip");
    JsonNode json = JSON.readTree(siglip.resolve("tokenizer.json").toFile());
    ((com.fasterxml.jackson.databind.node.ObjectNode) json).putNull("normalizer");
    JSON.writeValue(folder.resolve("tokenizer.json").toFile(), json);
    settings("{\"tokenizer_class\": \"SiglipTokenizer\", \"pad_token\": \"</s>\"}");
    Tokenizer plain = Tokenizer.load(siglip);

    Tokenizer canonical = Tokenizer.load(folder);

    assertThat(canonical.encode(" A Photo,\tof (the) \u001c CAT!?"))
        .isEqualTo(plain.encode("a photo of the cat"));
    settings("{\"tokenizer_class\": \"T5Tokenizer\", \"pad_token\": \"</s>\"}");
    assertThat(Tokenizer.load(folder).encode("cat!"))
        .isNotEqualTo(Tokenizer.load(folder).encode("cat"));
  }

  @Test
  void theSettingsNameThePaddingToken() throws IOException {
    Path siglip = Fixtures.text("siglip");
    Files.copy(siglip.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
    assertThat(Tokenizer.load(folder).padding()).isEqualTo(1); // the end token
    settings("{\"pad_token\": {\"content\": \"<unk>\"}}");
    assertThat(Tokenizer.load(folder).padding()).isZero();
    settings("{}");
    Files.writeString(folder.resolve("special_tokens_map.json"), "{\"pad_token\": \"▁\"}");
    assertThat(Tokenizer.load(folder).padding()).isGreaterThan(1);
  }

  private void settings(String json) throws IOException {
    Files.writeString(folder.resolve("tokenizer_config.json"), json);
  }

  @Test
  void cutsAddedTokensOutWithTheSpaceAroundThem() throws IOException {
    Files.writeString(
        folder.resolve("tokenizer.json"),
        """
        {"added_tokens": [
          {"id": 7, "content": "<m>", "lstrip": true, "rstrip": true, "normalized": false},
          {"id": 8, "content": "<mm>", "normalized": false},
          {"id": 9, "content": "YES", "single_word": true, "normalized": true}],
         "normalizer": {"type": "Lowercase"},
         "post_processor": {"type": "BertProcessing", "cls": ["s", 5], "sep": ["e", 6]},
         "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, " ": 2, "ab": 3, "s": 5, "e": 6, "y": 4},
                   "merges": ["a b"]}}
        """);
    Tokenizer tokenizer = Tokenizer.load(folder);

    assertThat(tokenizer.encode("ab  <m> <mm> A")).containsExactly(5, 3, 7, 8, 2, 0, 6);
    assertThat(tokenizer.encode("yes a Yes")).containsExactly(5, 9, 2, 0, 2, 9, 6);
    assertThat(tokenizer.encode("ayes")).containsExactly(5, 0, 4, 6, 5, 6);
  }
}
