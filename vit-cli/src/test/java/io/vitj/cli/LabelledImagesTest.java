package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelledImagesTest {
  private static final ClassNames NAMES =
      new ClassNames(List.of("T-shirt/top", "tabby, tabby cat", "crane", "crane, bird", "7"));

  @TempDir private Path folder;

  @Test
  void foldersAreNamedByLabelSynonymOrIndex() {
    assertThat(NAMES.classOf("0/a.png")).isZero();
    assertThat(NAMES.classOf("003/a.png")).isEqualTo(3);
    assertThat(NAMES.classOf("t_shirt top/a.png")).isZero();
    assertThat(NAMES.classOf("tabby, tabby cat/a.png")).isEqualTo(1);
    assertThat(NAMES.classOf("Tabby_Cat/a.png")).isEqualTo(1);
    assertThat(NAMES.classOf("crane/a.png")).as("a label as it is comes first").isEqualTo(2);
    assertThat(NAMES.classOf("7/a.png")).as("a label that looks like an index").isEqualTo(4);
    assertThat(NAMES.classOf("val/2/images/a.png")).as("the outermost that fits").isEqualTo(2);
  }

  @Test
  void foldersThatNameNoClassAreRefused() {
    assertThatThrownBy(() -> NAMES.classOf("dog/a.png"))
        .isInstanceOf(ModelException.class)
        .hasMessage("folder 'dog' is neither a label of the model nor a class index from 0 to 4");
    assertThatThrownBy(() -> NAMES.classOf("5/a.png")).hasMessageContaining("'5'");
    assertThatThrownBy(() -> NAMES.classOf("Crane/a.png")).hasMessageContaining("several labels");
    assertThatThrownBy(() -> NAMES.classOf("a.png")).hasMessageContaining("no class folder");
  }

  @Test
  void aFolderIsReadInTheOrderOfPaths() throws Exception {
    for (String name : List.of("1/b.PNG", "1/a.jpg", "0/z.webp", "0/.hidden.png", "0/notes.txt")) {
      write(name);
    }
    try (LabelledImages data = LabelledImages.open(folder, NAMES)) {
      assertThat(data.images())
          .extracting(image -> folder.relativize(Path.of(image.image().name())).toString())
          .containsExactly("0/z.webp", "1/a.jpg", "1/b.PNG");
      assertThat(data.images()).extracting(LabelledImage::classIndex).containsExactly(0, 1, 1);
    }
  }

  private void write(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name);
  }

  @Test
  void aZipIsReadWithoutUnpacking() throws Exception {
    Path zip = folder.resolve("data.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (String name : List.of("val/", "val/1/b.png", "val/0/a.png", "val/0/readme.md")) {
        out.putNextEntry(new ZipEntry(name));
        out.write(name.getBytes(StandardCharsets.UTF_8));
      }
    }
    try (LabelledImages data = LabelledImages.open(zip, NAMES)) {
      assertThat(data.images()).extracting(LabelledImage::classIndex).containsExactly(0, 1);
      LabelledImage first = data.images().getFirst();
      assertThat(first.image().name()).isEqualTo(zip + "!/val/0/a.png");
      try (InputStream in = first.image().opener().open()) {
        assertThat(in).hasContent("val/0/a.png");
      }
    }
  }

  @Test
  void whatIsNoDataSetIsRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("data.txt"), "no zip");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertRefused(text, "neither a directory nor a readable zip archive");
    assertRefused(empty, "no image in it");
    assertRefused(folder.resolve("missing"), "no such file or directory");
  }

  private static void assertRefused(Path data, String reason) {
    assertThatThrownBy(() -> LabelledImages.open(data, NAMES))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(data.toString())
        .hasMessageContaining(reason);
  }
}
