package io.vitj.model.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksumTest {
  @TempDir private Path folder;

  /** The example of Pro Git, "Git Objects"; the other value is what sha256sum prints. */
  @Test
  void theValuesAreThoseOfGitAndSha256sum() throws IOException {
    Path file = Files.writeString(folder.resolve("x"), "what is up, doc?");
    String blob = "bd9dbf5aae1a3862dd1526723246b20206e5fc37";
    assertThat(Checksum.of(blob).orElseThrow().compute(file)).isEqualTo(blob);
    Path empty = Files.writeString(folder.resolve("empty"), "");
    String sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assertThat(Checksum.of(sha256).orElseThrow().compute(empty)).isEqualTo(sha256);
  }

  @Test
  void anotherEtagIsNoChecksum() {
    assertThat(Checksum.of("d41d8cd98f00b204e9800998ecf8427e")).isEmpty();
    assertThat(Checksum.of("g".repeat(64))).isEmpty();
    assertThat(Checksum.of("686897696a7c876b7e-5")).isEmpty();
  }
}
