package io.vitj.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.Fixtures;
import io.vitj.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is in the files of a tokenizer, it works or says in one line what is wrong. */
class HostileTokenizerTest {
  private static final int CHANGES = 300;
  private static final String TEXT = FuzzedTokenizer.TEXT;

  @TempDir private Path folder;

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }

  private void assertRefused(String... mentions) {
    assertThatThrownBy(() -> Tokenizer.load(folder).encode(TEXT))
        .isInstanceOf(ModelException.class)
        .satisfies(
            e -> {
              assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(700);
              for (String mention : mentions) {
                assertThat(e).hasMessageContaining(mention);
              }
            });
  }

  @Test
  void filesThatAreMissing() throws IOException {
    assertRefused(folder.toString(), "tokenizer.json", "vocab.json", "merges.txt", "spiece.model");
    write("vocab.json", "{}");
    assertRefused("merges.txt");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]                  | #version: 0.2 | vocab.json: must hold a JSON object",
        "{                   | a b           | vocab.json: is not valid JSON",
        "{}                  | a b           | vocab.json: the vocabulary must be",
        "{\"a\": \"x\"}      | a b           | token 'a' must have an integer from 0",
        "{\"a\": -1}         | a b           | token 'a' must have an integer from 0",
        "{\"a\": 1.5}        | a b           | not 1.5",
        "{\"a\": 4294967296} | a b           | not 4294967296",
        "{\"a\":0,\"a\":1}   | a b           | Duplicate field",
        "{\"a\": 0}          | a b           | merges.txt: the vocabulary lacks",
      })
  void vocabulariesThatAreMalformed(String vocabulary, String merges, String mention)
      throws IOException {
    write("vocab.json", vocabulary);
    write("merges.txt", merges);
    assertRefused(mention);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "a|line 2 must be two tokens with a space between, not 'a'",
        "a b c|not 'a b c'",
        "a |two tokens",
        "zz b|the merges need the token 'zzb'",
        "o zz|the merges need the token 'ozz'",
      })
  void mergesThatAreMalformed(String line, String mention) throws IOException {
    Path clip = Fixtures.text("clip");
    Files.copy(clip.resolve("vocab.json"), folder.resolve("vocab.json"));
    write("merges.txt", "#version: 0.2\n" + line + "\n");
    assertRefused(folder.resolve("merges.txt").toString(), mention);
  }

  @Test
  void mergesThatAreNoText() throws IOException {
    Files.copy(Fixtures.text("clip").resolve("vocab.json"), folder.resolve("vocab.json"));
    Files.write(folder.resolve("merges.txt"), new byte[] {'a', ' ', (byte) 0xff, '\n'});
    assertRefused("merges.txt", "not valid UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`\"model\": {\"type\": \"WordPiece\"}`           | model 'WordPiece' is not supported",
        "`\"model\": 3`                                   | model '' is not supported",
        "`\"normalizer\": {\"type\": \"BertNormalizer\"}` | normalizer 'BertNormalizer' is not",
        "`\"normalizer\": {\"type\": 3}`                  | normalizer.type must be a string",
        "`\"pre_tokenizer\": {\"type\": \"Digits\"}`      | pre_tokenizer 'Digits' is not"
            + " supported",
        "`\"pre_tokenizer\": {\"type\": \"Metaspace\", \"prepend_scheme\": \"first\"}` | 'first' is"
            + " not",
        "`\"pre_tokenizer\": {\"type\": \"Metaspace\", \"replacement\": \"ab\"}` | one character",
        "`\"post_processor\": {\"type\": \"X\"}`          | post_processor 'X' is not supported",
        "`\"post_processor\": {\"type\": \"TemplateProcessing\"}` | no place for the text",
        "`\"post_processor\": null`                       | neither a padding token is named",
        "`\"added_tokens\": [{\"content\": \"x\"}]`       | token 'x' must have an integer",
      })
  void partsThatAreNotSupported(String part, String mention) throws IOException {
    writeJson(part);
    assertRefused(folder.resolve("tokenizer.json").toString(), mention);
  }

  /** A tokenizer of one token, with parts of which the first of a name counts. */
  private void writeJson(String part) throws IOException {
    String model = "\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}";
    String end =
        "\"post_processor\": {\"type\": \"BertProcessing\", \"cls\": [\"a\", 0], \"sep\": [\"a\","
            + " 0]}";
    String json = part;
    json += part.contains("\"model\"") ? "" : ", " + model;
    json += part.contains("post_processor") ? "" : ", " + end;
    write("tokenizer.json", '{' + json + '}');
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a+)+b", "a+a+b", "a(?=b)", "(a)\\1", "[a", "[a[b]]", "[a&&b]", "a*", "a{1000}", "\\\\x41",
        "^a", ".", "a|", "\\\\Qa", "[z-a]"
      })
  void expressionsThatMeanSomethingElseOrTakeForever(String regex) throws IOException {
    writeJson(
        "\"normalizer\": {\"type\": \"Replace\", \"content\": \"\", \"pattern\": {\"Regex\": \"%s\"}}"
            .formatted(regex.replace("\\1", "\\\\1")));
    assertRefused("regular expression", "is not supported");
  }

  @Test
  void rulesThatMakeATextExplode() throws IOException {
    String twice =
        "{\"type\": \"Replace\", \"content\": \"oo\", \"pattern\": {\"String\": \"o\"}},";
    writeJson(
        "\"normalizer\": {\"type\": \"Sequence\", \"normalizers\": ["
            + twice.repeat(40)
            + "{\"type\": \"NFC\"}]}");
    assertRefused("characters is too long");
    writeJson("\"normalizer\": {\"type\": \"Prepend\", \"prepend\": \"" + "x".repeat(65) + "\"}");
    assertRefused("normalizer.prepend must be at most 64 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"!", "AAAA", "AAAAAA==", "BAAAAAAAAA==", "BAAAAAEAAAD/", "/////wAAAAA="})
  void characterMapsThatLeadNowhere(String base64) throws IOException {
    writeJson(
        "\"normalizer\": {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"%s\"}"
            .formatted(base64));
    assertRefused("precompiled_charsmap");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`\"vocab\": []`                                       | model.vocab must be a list",
        "`\"vocab\": {\"a\": 1}`                               | model.vocab must be a list",
        "`\"vocab\": [[\"a\"]]`                                | piece 0 must be a text and a"
            + " score",
        "`\"vocab\": [[\"a\", \"b\"]]`                         | piece 0 must be a text and a"
            + " score",
        "`\"vocab\": [[\"a\", -1]], \"unk_id\": 1`             | model.unk_id must be the index",
        "`\"vocab\": [[\"a\", -1]], \"unk_id\": -5`            | model.unk_id must be the index",
        "`\"vocab\": [[\"a\", -1]]`                            | no token for 'A photo",
      })
  void unigramModelsThatAreMalformed(String vocabulary, String mention) throws IOException {
    writeJson("\"model\": {\"type\": \"Unigram\", %s}".formatted(vocabulary));
    assertRefused(mention);
  }

  @ParameterizedTest
  @ValueSource(strings = {"clip-json", "siglip", "siglip2-tokenizer"})
  void filesThatAreChangedAtRandom(String name) throws IOException {
    byte[] sound = Files.readAllBytes(Fixtures.text(name).resolve("tokenizer.json"));
    SplittableRandom random = new SplittableRandom(name.hashCode());
    int refused = 0;
    for (int i = 0; i < CHANGES; i++) {
      byte[] changed = sound.clone();
      for (int j = 0; j <= random.nextInt(4); j++) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(' ', 127);
      }
      Files.write(folder.resolve("tokenizer.json"), changed);
      try {
        assertThat(Tokenizer.load(folder).encode(TEXT, 20)).hasSize(20);
      } catch (ModelException e) {
        assertThat(e.getMessage()).doesNotContain("\n");
        refused++;
      }
    }
    assertThat(refused).isBetween(1, CHANGES);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                     | it has no pieces",
        "1a00                 | it has no pieces",
        "0a                   | has no end",
        "0a05 0a             | field 1 claims 5 bytes where 1 follow",
        "ffffffffffffffffffff | has no end",
        "00                   | number 0",
        "0d00000000           | field 1 has the wrong wire type 5",
        "0b                   | field 1 has the wrong wire type 3",
        "0a02 1804           | is defined by a user",
        "0a05 1500000080     | the vocabulary lacks the special token '</s>'",
        "1202 1802           | not those of a unigram model",
        "1a05 1203 00ff00   | precompiled_charsmap has 3 bytes",
      })
  void piecesThatAreMalformed(String hex, String mention) throws IOException {
    byte[] bytes = HexFormat.of().parseHex(hex == null ? "" : hex.replace(" ", ""));
    Files.write(folder.resolve("spiece.model"), bytes);
    assertRefused(folder.resolve("spiece.model").toString(), mention);
  }

  @Test
  void piecesOfAnotherTokenizer() throws IOException {
    Files.copy(
        Fixtures.text("siglip-pieces").resolve("spiece.model"), folder.resolve("spiece.model"));
    assertThat(Tokenizer.load(folder).encode("a")).hasSize(2);
    write("tokenizer_config.json", "{\"tokenizer_class\": \"LlamaTokenizer\"}");
    assertRefused("spiece.model: belongs to a 'LlamaTokenizer'");
  }
}
