package io.vitj.model.checkpoint;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A file that appears under its name only when it is complete: bytes go to a temporary file beside
 * it, and {@link #commit} moves that into place. Closed without a commit, it leaves nothing behind.
 */
public final class OutputFile implements AutoCloseable {
  /** Bytes that one call hands to the channel. */
  private static final long CHUNK = 8L << 20;

  private final Path target;
  private final Path temporary;
  private final SeekableByteChannel channel;

  /**
   * Creates the temporary file.
   *
   * @param target the file to make or to replace; of a symbolic link, the file behind it
   * @throws ModelException if there is no place to write it to
   */
  public OutputFile(Path target) {
    this.target = requireWritable(target);
    // A name of its own for each writer: two that make the same file must not mix their bytes.
    String name = "." + this.target.getFileName() + '.' + UUID.randomUUID() + ".part";
    this.temporary = this.target.resolveSibling(name);
    try {
      this.channel =
          Files.newByteChannel(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Finds out early whether a file could be written.
   *
   * @param target the file to make or to replace
   * @return where its bytes belong: the target of a symbolic link, or the path itself
   * @throws ModelException if its folder is missing or not writable, or it is no ordinary file
   */
  public static Path requireWritable(Path target) {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(target)) {
      throw unwritable(target, "it is a folder", null);
    }
    if (!Files.isDirectory(folder)) {
      throw unwritable(target, "there is no folder " + folder, null);
    }
    if (!Files.isWritable(folder)) {
      throw unwritable(target, "the folder " + folder + " is not writable", null);
    }
    if (!Files.exists(target)) {
      return target;
    }
    if (!Files.isRegularFile(target)) {
      throw unwritable(target, "it is not an ordinary file", null);
    }
    try {
      return target.toRealPath();
    } catch (IOException e) {
      throw unwritable(target, ModelException.reason(e), e);
    }
  }

  /**
   * Writes a whole file.
   *
   * @param target the file to make or to replace
   * @param bytes its contents
   * @throws ModelException if it cannot be written; an old file is then still there
   */
  public static void write(Path target, byte[] bytes) {
    try (OutputFile output = new OutputFile(target)) {
      output.write(ByteBuffer.wrap(bytes));
      output.commit();
    }
  }

  /**
   * Goes on at another place; what is left out becomes zeros.
   *
   * @param position bytes from the start
   * @throws ModelException if that fails
   */
  public void seek(long position) {
    try {
      channel.position(position);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Writes bytes at the position of the channel.
   *
   * @param bytes the bytes that remain in it
   * @throws ModelException if that fails
   */
  public void write(ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Writes memory at the position of the channel, without a copy of it on the heap.
   *
   * @param memory the bytes
   * @throws ModelException if that fails
   */
  public void write(MemorySegment memory) {
    for (long at = 0; at < memory.byteSize(); at += CHUNK) {
      write(memory.asSlice(at, Math.min(CHUNK, memory.byteSize() - at)).asByteBuffer());
    }
  }

  private static ModelException unwritable(Path target, String reason, Exception cause) {
    return new ModelException(target + ": cannot be written: " + reason, cause);
  }

  /**
   * Makes the error for a failed write.
   *
   * @param cause what failed
   * @return the exception, to be thrown
   */
  public ModelException failed(IOException cause) {
    return unwritable(target, ModelException.reason(cause), cause);
  }

  /**
   * Returns the channel of the temporary file.
   *
   * @return a channel for writing, at the start
   */
  public SeekableByteChannel channel() {
    return channel;
  }

  /**
   * Moves the complete file into place.
   *
   * @throws ModelException if that fails; an old file is then still there
   */
  public void commit() {
    try {
      channel.close();
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Removes the temporary file, unless it was committed. */
  @Override
  public void close() {
    try {
      channel.close();
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      throw failed(e);
    }
  }
}
