package io.vitj.cli;

import io.vitj.model.ModelException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A data set of one folder per class: a directory, or a zip archive that is read without unpacking
 * it.
 */
final class LabelledImages implements Closeable {
  private final List<LabelledImage> images;
  private final Closeable archive;

  private LabelledImages(Path data, List<LabelledImage> images, Closeable archive) {
    if (images.isEmpty()) {
      throw new ModelException(data + ": no image in it; it must hold one folder per class");
    }
    this.images = images;
    this.archive = archive;
  }

  /**
   * Opens a data set.
   *
   * @param data a directory or a zip archive
   * @param names what its folders may be called
   * @return its images in the order of their paths
   * @throws IOException if it cannot be read
   * @throws ModelException if it is neither, holds no image, or a folder names no class
   */
  static LabelledImages open(Path data, ClassNames names) throws IOException {
    if (Files.isDirectory(data)) {
      return folder(data, names);
    }
    if (!Files.exists(data)) {
      throw new ModelException(data + ": no such file or directory");
    }
    ZipFile zip;
    try {
      zip = new ZipFile(data.toFile());
    } catch (ZipException e) {
      throw new ModelException(
          data + ": neither a directory nor a readable zip archive (" + e.getMessage() + ')', e);
    }
    try {
      return archive(data, zip, names);
    } catch (RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private static LabelledImages folder(Path data, ClassNames names) throws IOException {
    List<LabelledImage> images = new ArrayList<>();
    for (Path file : ImageFiles.below(data)) {
      String inside =
          data.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
      images.add(new LabelledImage(ImageFiles.of(file), names.classOf(inside)));
    }
    return new LabelledImages(data, images, () -> {});
  }

  private static LabelledImages archive(Path data, ZipFile zip, ClassNames names) {
    List<LabelledImage> images =
        zip.stream()
            .filter(entry -> !entry.isDirectory() && ImageFiles.isImage(entry.getName()))
            .sorted(Comparator.comparing(ZipEntry::getName))
            .map(entry -> labelled(data, zip, entry, names))
            .toList();
    return new LabelledImages(data, images, zip);
  }

  private static LabelledImage labelled(Path data, ZipFile zip, ZipEntry entry, ClassNames names) {
    String name = data + "!/" + entry.getName();
    ImageSource image = new ImageSource(name, () -> zip.getInputStream(entry));
    return new LabelledImage(image, names.classOf(entry.getName()));
  }

  /**
   * Returns the images.
   *
   * @return all of them, sorted by path
   */
  List<LabelledImage> images() {
    return images;
  }

  @Override
  public void close() throws IOException {
    archive.close();
  }
}
