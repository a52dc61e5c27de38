package io.vitj.cli;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that appears under its name only when it is complete: bytes go to a temporary file beside it,
 * and {@link #commit} moves that into place. Closed without a commit, it leaves nothing behind.
 */
final class OutputFile implements AutoCloseable {
  private final Path target;
  private final Path temporary;
  private final SeekableByteChannel channel;
  private final OutputStream stream;

  /**
   * Creates the temporary file.
   *
   * @param target the file to make or to replace
   * @throws ModelException if there is no place to write it to
   */
  OutputFile(Path target) {
    this.target = requireWritable(target);
    try {
      Path folder = this.target.toAbsolutePath().getParent();
      this.temporary = folder.resolve('.' + this.target.getFileName().toString() + ".part");
      this.channel =
          Files.newByteChannel(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw unwritable(target, Failures.describe(e));
    }
    this.stream = Channels.newOutputStream(channel);
  }

  /**
   * Finds out early whether a file could be written.
   *
   * @param target the file to make or to replace
   * @return where its bytes belong: the target of a symbolic link, or the path itself
   * @throws ModelException if its folder is missing or not writable, or it is no ordinary file
   */
  static Path requireWritable(Path target) {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(target)) {
      throw unwritable(target, "it is a folder");
    }
    if (!Files.isDirectory(folder)) {
      throw unwritable(target, "there is no folder " + folder);
    }
    if (!Files.isWritable(folder)) {
      throw unwritable(target, "the folder " + folder + " is not writable");
    }
    if (!Files.exists(target)) {
      return target;
    }
    if (!Files.isRegularFile(target)) {
      throw unwritable(target, "it is not an ordinary file");
    }
    try {
      return target.toRealPath();
    } catch (IOException e) {
      throw unwritable(target, Failures.describe(e));
    }
  }

  private static ModelException unwritable(Path target, String reason) {
    return new ModelException("cannot write " + target + ": " + reason);
  }

  /**
   * Returns the stream to write to.
   *
   * @return an unbuffered stream, positioned by {@link #channel}
   */
  OutputStream stream() {
    return stream;
  }

  /**
   * Returns the channel under the stream.
   *
   * @return the channel of the temporary file
   */
  SeekableByteChannel channel() {
    return channel;
  }

  /**
   * Moves the complete file into place.
   *
   * @throws IOException if that fails; the old file is then still there
   */
  void commit() throws IOException {
    channel.close();
    Files.move(
        temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(temporary);
  }
}
