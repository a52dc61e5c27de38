package io.vitj.model.text;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Vocabulary and merges, the one behind the other: the merges begin after the last brace. */
class VocabularyFuzzTest {
  @TempDir private static Path folder;

  static Stream<byte[]> seeds() {
    String small = "{\"<|startoftext|>\":0,\"<|endoftext|>\":1,\"a\":2,\"b</w>\":3,\"ab</w>\":4}";
    return Stream.of((small + "#version: 0.2\na b</w>\n").getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "3s")
  void anyVocabularyAndMerges(byte[] bytes) throws IOException {
    int brace = bytes.length;
    while (brace > 0 && bytes[brace - 1] != '}') {
      brace--;
    }
    Files.write(folder.resolve("vocab.json"), Arrays.copyOf(bytes, brace));
    Files.write(folder.resolve("merges.txt"), Arrays.copyOfRange(bytes, brace, bytes.length));
    FuzzedTokenizer.isSound(folder, bytes.length);
  }
}
