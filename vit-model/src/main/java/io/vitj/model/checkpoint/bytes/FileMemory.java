package io.vitj.model.checkpoint.bytes;

import io.vitj.model.ModelException;
import io.vitj.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Whole files as memory: mapped on the default file system, and read into native memory on another
 * (a model inside a jar).
 */
public final class FileMemory {
  /** Bytes that one call asks a channel for. */
  private static final long CHUNK = 1L << 24;

  private FileMemory() {}

  /**
   * Opens a file.
   *
   * @param damage words the faults of the file
   * @param arena the owner of the memory
   * @return all its bytes, read-only
   * @throws ModelException if it cannot be read
   */
  public static MemorySegment of(Damage damage, Arena arena) {
    Path path = damage.file();
    if (Files.isDirectory(path)) {
      throw damage.refused("is a directory, not a %s", damage.format());
    }
    try {
      if (path.getFileSystem() == FileSystems.getDefault()) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
          return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        }
      }
      return copy(path, arena);
    } catch (IOException e) {
      throw new ModelException(path + ": cannot be read: " + ModelException.reason(e), e);
    }
  }

  private static MemorySegment copy(Path path, Arena arena) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(path)) {
      long size = channel.size();
      MemorySegment memory = arena.allocate(Math.max(size, 1), Tensor.ALIGNMENT).asSlice(0, size);
      for (long at = 0; at < size; ) {
        long chunk = Math.min(size - at, CHUNK);
        int read = channel.read(memory.asSlice(at, chunk).asByteBuffer());
        if (read < 0) {
          throw new IOException("it ends at byte " + at + " of " + size);
        }
        at += read;
      }
      return memory.asReadOnly();
    }
  }
}
