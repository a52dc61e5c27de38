package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
  @TempDir private Path folder;

  @Test
  void appearsOnCommitOnly() throws IOException {
    Path target = folder.resolve("a.bin");
    try (OutputFile file = new OutputFile(target)) {
      file.stream().write(1);
      assertThat(target).doesNotExist();
      file.commit();
      assertThat(target).hasBinaryContent(new byte[] {1});
    }
    assertThat(folder.toFile().list()).containsExactly("a.bin");
  }

  @Test
  void anAbandonedFileLeavesTheOldOne() throws IOException {
    Path target = Files.write(folder.resolve("a.bin"), new byte[] {7});
    try (OutputFile file = new OutputFile(target)) {
      file.stream().write(1);
    }
    assertThat(target).hasBinaryContent(new byte[] {7});
    assertThat(folder.toFile().list()).containsExactly("a.bin");
  }

  @Test
  void aSymbolicLinkKeepsPointingToTheReplacedFile() throws IOException {
    Path target = Files.write(folder.resolve("real.bin"), new byte[] {7});
    Path link = Files.createSymbolicLink(folder.resolve("link.bin"), target);
    try (OutputFile file = new OutputFile(link)) {
      file.stream().write(1);
      file.commit();
    }
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(target).hasBinaryContent(new byte[] {1});
  }

  @Test
  void refusesPlacesThatCannotBeWritten() throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[0]);
    assertRefused(folder, "it is a folder");
    assertRefused(folder.resolve("missing/a.bin"), "there is no folder " + folder.resolve("missing"));
    assertRefused(file.resolve("a.bin"), "there is no folder " + file);
  }

  private static void assertRefused(Path target, String reason) {
    assertThatThrownBy(() -> OutputFile.requireWritable(target))
        .isInstanceOf(ModelException.class)
        .hasMessage("cannot write " + target + ": " + reason);
  }
}
