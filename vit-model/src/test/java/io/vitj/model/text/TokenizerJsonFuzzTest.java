package io.vitj.model.text;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

class TokenizerJsonFuzzTest {
  private static final String UNIGRAM =
      """
      {"added_tokens":[{"id":1,"content":"</s>","lstrip":true,"rstrip":true,"normalized":false}],
       "normalizer":{"type":"Sequence","normalizers":[{"type":"Precompiled",
        "precompiled_charsmap":"CAAAAAAEAAAAAAAAYQA="},{"type":"Lowercase"},
        {"type":"Replace","pattern":{"Regex":"\\\\s+"},"content":" "},{"type":"Strip"}]},
       "pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always"},
       "post_processor":{"type":"TemplateProcessing","single":[{"Sequence":{"id":"A"}},
        {"SpecialToken":{"id":"</s>"}}],"special_tokens":{"</s>":{"ids":[1]}}},
       "model":{"type":"Unigram","unk_id":0,"byte_fallback":true,
        "vocab":[["<unk>",0],["</s>",0],["▁",-2],["a",-3.5],["▁a",-1],["<0x20>",-9]]}}
      """;

  private static final String BPE =
      """
      {"added_tokens":[{"id":4,"content":"<e>","single_word":true,"normalized":true}],
       "normalizer":{"type":"NFC"},
       "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","behavior":"Removed",
        "invert":true,"pattern":{"Regex":"'s|[\\p{L}]+|[\\p{N}]"}},{"type":"ByteLevel"}]},
       "post_processor":{"type":"RobertaProcessing","sep":["<e>",4],"cls":["<s>",3]},
       "model":{"type":"BPE","unk_token":"a","end_of_word_suffix":"</w>","fuse_unk":false,
        "vocab":{"a":0,"t</w>":1,"at</w>":2},"merges":["a t</w>",["a","t</w>"]]}}
      """;

  @TempDir private static Path folder;

  static Stream<byte[]> seeds() {
    return Stream.of(UNIGRAM, BPE).map(json -> json.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "3s")
  void anyTokenizer(byte[] bytes) throws IOException {
    Files.write(folder.resolve("tokenizer.json"), bytes);
    FuzzedTokenizer.isSound(folder, bytes.length);
  }
}
