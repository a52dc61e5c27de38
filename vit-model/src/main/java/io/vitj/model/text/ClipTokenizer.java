package io.vitj.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitj.model.json.JsonFiles;
import io.vitj.model.text.AddedTokens.Added;
import io.vitj.model.text.Normalizers.Normalizer;
import io.vitj.model.text.PreTokenizers.PreTokenizer;
import io.vitj.model.text.TokenizerFiles.Specials;
import it.unimi.dsi.fastutil.ints.IntList;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * CLIP's byte-level BPE (Radford et al., 2021) from a vocabulary and merges alone: composed (NFC),
 * whitespace runs to one space, lower case; words, contractions, single digits and runs of other
 * characters apart; bytes to visible characters; {@code </w>} on the last of a word. These are the
 * steps of {@code CLIPTokenizer} in transformers, which unlike OpenAI's own code mends no encoding
 * errors and unescapes no HTML.
 */
final class ClipTokenizer {
  private static final String START = "<|startoftext|>";
  private static final String END = "<|endoftext|>";
  private static final String END_OF_WORD = "</w>";

  /** What {@code tokenizer.json} of a CLIP has. */
  private static final String STEPS =
      """
      {"normalizer": {"type": "Sequence", "normalizers": [
        {"type": "NFC"},
        {"type": "Replace", "pattern": {"Regex": "\\\\s+"}, "content": " "},
        {"type": "Lowercase"}]},
       "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
        {"type": "Split", "behavior": "Removed", "invert": true, "pattern": {"Regex":
         "<\\\\|startoftext\\\\|>|<\\\\|endoftext\\\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\\\p{L}]+|[\\\\p{N}]|[^\\\\s\\\\p{L}\\\\p{N}]+"}},
        {"type": "ByteLevel", "add_prefix_space": false}]}}
      """;

  private ClipTokenizer() {}

  /**
   * Makes the tokenizer.
   *
   * @param vocabulary its ids
   * @param merges its merges
   * @param specials names the special tokens, if they are not CLIP's own
   * @return the tokenizer
   * @throws io.vitj.model.ModelException if merges or special tokens are not in the vocabulary
   */
  static Tokenizer of(Vocabulary vocabulary, List<String[]> merges, Specials specials) {
    JsonNode steps = JsonFiles.object(STEPS.getBytes(StandardCharsets.UTF_8), "CLIP");
    Normalizer normalizer = Normalizers.of(steps.path("normalizer"));
    Added start = Added.special(vocabulary, specials.token("bos_token").orElse(START));
    Added end = Added.special(vocabulary, specials.token("eos_token").orElse(END));
    Added padding = Added.special(vocabulary, specials.token("pad_token").orElse(end.content()));
    int unknown = vocabulary.id(specials.token("unk_token").orElse(END));
    var options = new BpeModel.Options(END_OF_WORD, unknown, false, false, false);
    PreTokenizer words = PreTokenizers.of(steps.path("pre_tokenizer"));
    return new Tokenizer(
        new Tokenizer.Parts(
            new AddedTokens(List.of(start, end, padding), normalizer),
            words,
            words,
            new BpeModel(vocabulary, merges, options),
            new Template(IntList.of(start.id()), IntList.of(end.id()), false),
            vocabulary.largestId()),
        padding.id());
  }
}
