package io.vitj.model.hub;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folders of one repository in the cache:
 *
 * <pre>
 * models--org--name/refs/REVISION             the commit that a branch or tag last meant
 * models--org--name/blobs/ETAG                the bytes of a file
 * models--org--name/snapshots/COMMIT/FILE     a link to the bytes, or the bytes
 * .locks/models--org--name/ETAG.lock          held while the bytes are fetched
 * </pre>
 *
 * <p>Source of the layout: {@code file_download.py} of huggingface_hub 1.33.
 */
final class HubCache {
  /** From the Cache Directory Tagging Specification: backups skip a folder that has it. */
  private static final String TAG =
      """
      Signature: 8a477f597d28d172789f06886806bc55
      # This file marks a cache of models; see https://bford.info/cachedir/
      """;

  private final Path root;
  private final boolean symlinks;
  private final String folder;
  private final Path storage;

  /**
   * Names the folders; nothing is read or written.
   *
   * @param settings where the cache lies
   * @param repository {@code org/name} or {@code name}
   */
  HubCache(HubSettings settings, String repository) {
    this.root = settings.cache();
    this.symlinks = settings.symlinks();
    this.folder = "models--" + repository.replace("/", "--");
    this.storage = root.resolve(folder);
  }

  /**
   * Tells whether anything of the repository is cached.
   *
   * @return true if it has a folder
   */
  boolean exists() {
    return Files.isDirectory(storage);
  }

  /**
   * Finds what a revision last meant.
   *
   * @param name the revision of this repository
   * @return the folder of the snapshot, if there is one
   */
  Optional<Path> snapshot(HubName name) {
    return commit(name).map(this::snapshot).filter(Files::isDirectory);
  }

  private Optional<String> commit(HubName name) {
    if (name.pinned()) {
      return Optional.of(name.revision());
    }
    Path reference = reference(name.revision());
    if (!Files.isRegularFile(reference)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(reference).strip()).filter(HubName::isCommit);
    } catch (IOException e) {
      throw new ModelException(reference + ": cannot be read: " + ModelException.reason(e), e);
    }
  }

  private Path reference(String revision) {
    return storage.resolve("refs").resolve(revision);
  }

  /**
   * Returns the folder of a commit's files.
   *
   * @param commit a full hash
   * @return the folder, which may not exist
   */
  Path snapshot(String commit) {
    return storage.resolve("snapshots").resolve(commit);
  }

  /**
   * Lists the files of a snapshot that are there; a link without its bytes is not.
   *
   * @param snapshot the folder
   * @return their names
   */
  static List<String> files(Path snapshot) {
    try (Stream<Path> files = Files.list(snapshot)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new ModelException(snapshot + ": cannot be listed", e);
    }
  }

  /**
   * Returns where the bytes of a file go.
   *
   * @param etag the file's
   * @return the path of the blob
   */
  Path blob(String etag) {
    return storage.resolve("blobs").resolve(etag);
  }

  /**
   * Returns where bytes gather until they are complete. The name is one that Hugging Face's tools
   * take for an unfinished download, but none that they write to.
   *
   * @param etag the file's
   * @return the path of the partial blob
   */
  Path partial(String etag) {
    return storage.resolve("blobs").resolve(etag + ".vitj.incomplete");
  }

  /**
   * Returns the file whose lock a download holds.
   *
   * @param etag the file's
   * @return the path of the lock
   */
  Path lock(String etag) {
    return root.resolve(".locks").resolve(folder).resolve(etag + ".lock");
  }

  /**
   * Makes the folders and marks the cache as one.
   *
   * @throws ModelException if the cache cannot be written
   */
  void prepare() {
    Path folder = storage;
    try {
      for (Path needed : List.of(storage.resolve("blobs"), lock("").getParent())) {
        folder = needed;
        Files.createDirectories(needed);
      }
      Path tag = root.resolve("CACHEDIR.TAG");
      if (!Files.exists(tag)) {
        folder = tag;
        Files.writeString(tag, TAG);
      }
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  /**
   * Remembers what a revision means now.
   *
   * @param name the revision of this repository
   * @param commit the commit that it means
   * @throws ModelException if that cannot be written
   */
  void remember(HubName name, String commit) {
    Path reference = reference(name.revision());
    if (name.pinned() || commit(name).equals(Optional.of(commit))) {
      return;
    }
    try {
      Files.createDirectories(reference.getParent());
      Path written = Files.writeString(temporary(reference), commit);
      move(written, reference);
    } catch (IOException e) {
      throw unwritable(reference, e);
    }
  }

  /**
   * Puts a blob into a snapshot under its name: as a link, or where links are not possible as the
   * file itself.
   *
   * @param etag names the blob
   * @param file where it appears
   * @param fresh whether nothing else can refer to the blob yet, so that it may be moved
   * @throws ModelException if that cannot be written
   */
  void link(String etag, Path file, boolean fresh) {
    Path blob = blob(etag);
    try {
      Files.createDirectories(file.getParent());
      if (!Files.exists(file)) {
        Files.deleteIfExists(file); // a link to bytes that are gone
      }
      if (Files.exists(file) || symlinked(blob, file)) {
        return;
      }
      if (fresh) {
        move(blob, file);
      } else {
        Path copy = temporary(file);
        Files.copy(blob, copy);
        move(copy, file);
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /** Where this is false for another reason than missing support, writing the file says so. */
  private boolean symlinked(Path blob, Path file) {
    if (!symlinks) {
      return false;
    }
    try {
      Files.createSymbolicLink(file, file.getParent().relativize(blob));
      return true;
    } catch (UnsupportedOperationException | IOException e) {
      return Files.exists(file); // another process was faster
    }
  }

  /**
   * Moves a complete file to its place in one step.
   *
   * @param from a file in the cache
   * @param to its place in the cache
   * @throws IOException if that fails
   */
  static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static Path temporary(Path file) {
    return file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
  }

  /**
   * Makes the error for a cache that cannot be written.
   *
   * @param path the file or folder
   * @param cause what failed
   * @return the exception, to be thrown
   */
  static ModelException unwritable(Path path, IOException cause) {
    if (cause instanceof ClosedByInterruptException) {
      return Retries.interrupted(cause);
    }
    return new ModelException(
        path
            + ": cannot be written: "
            + ModelException.reason(cause)
            + "; make room there, or set HF_HUB_CACHE to a folder that can be written",
        cause);
  }
}
