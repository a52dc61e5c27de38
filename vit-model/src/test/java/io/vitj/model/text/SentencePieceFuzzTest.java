package io.vitj.model.text;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

class SentencePieceFuzzTest {
  /** {@code <unk>}, {@code </s>}, {@code ▁a} and {@code a}; trained as unigrams. */
  private static final String MODEL =
      "0a0e 0a053c756e6b3e 15000000c0 1802 0a0d 0a043c2f733e 1500000000 1803"
          + "0a0b 0a04e2968161 15000080bf 0a0a 0a0161 15000000c0 1801"
          + "1205 1801 980200 1a12 120c 04000000 00000000 61000000 1801 2001";

  @TempDir private static Path folder;

  static Stream<byte[]> seeds() {
    return Stream.of(HexFormat.of().parseHex(MODEL.replace(" ", "")));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "3s")
  void anyPieces(byte[] bytes) throws IOException {
    Files.write(folder.resolve("spiece.model"), bytes);
    FuzzedTokenizer.isSound(folder, bytes.length);
  }
}
