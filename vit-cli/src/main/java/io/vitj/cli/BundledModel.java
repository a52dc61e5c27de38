package io.vitj.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;

/**
 * The model that commands use without {@code --model}: the checkpoint in the resource folder
 * {@value #FOLDER} of this module. Another default is another set of files there.
 */
final class BundledModel {
  static final String FOLDER = "default-model";

  /** A folder has no URL in every kind of jar; a file in it has. */
  private static final String MEMBER = FOLDER + "/config.json";

  private BundledModel() {}

  /**
   * Locates the checkpoint.
   *
   * @return its folder: on disk when running from classes, inside the jar otherwise
   */
  static Path path() {
    URL member = BundledModel.class.getResource(MEMBER);
    if (member == null) {
      throw new IllegalStateException("this build of vit has no resource " + MEMBER);
    }
    try {
      URI uri = member.toURI();
      if (uri.getScheme().equals("jar")) {
        openFileSystem(uri);
      }
      return Path.of(uri).getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(member.toString(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file system stays open: paths inside the jar are used for as long as the process runs. */
  private static void openFileSystem(URI uri) throws IOException {
    try {
      FileSystems.newFileSystem(uri, Map.of());
    } catch (FileSystemAlreadyExistsException open) {
      FileSystems.getFileSystem(uri);
    }
  }
}
