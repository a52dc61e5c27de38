package io.vitj.model.checkpoint;

import io.vitj.model.ModelException;
import io.vitj.tensor.DType;
import io.vitj.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A file in the safetensors format: the length of the header as a little-endian 64-bit integer, the
 * header in JSON, and the bytes of all tensors (format description: huggingface/safetensors).
 *
 * <p>The header is validated whole before anything in it is used. On the default file system the
 * data is mapped into memory, not read; on another (a model inside a jar) it is read into native
 * memory.
 */
public final class SafetensorsFile implements CheckpointFile {
  private static final int LENGTH_BYTES = 8;

  /** The format's own limit; it keeps a lying header from allocating memory. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path path;
  private final Arena arena;
  private final MemorySegment data;
  private final SafetensorsHeader header;

  private SafetensorsFile(Path path, Arena arena, MemorySegment data, SafetensorsHeader header) {
    this.path = path;
    this.arena = arena;
    this.data = data;
    this.header = header;
  }

  /**
   * Opens a file and validates its header.
   *
   * @param path the file, on any file system
   * @return the open file
   * @throws ModelException if it cannot be read or is malformed
   */
  public static SafetensorsFile open(Path path) {
    if (Files.isDirectory(path)) {
      throw new ModelException(path + ": is a directory, not a safetensors file");
    }
    Arena arena = Arena.ofShared();
    try {
      MemorySegment file = contents(path, arena);
      long headerBytes = headerBytes(path, file);
      long dataStart = LENGTH_BYTES + headerBytes;
      byte[] json = file.asSlice(LENGTH_BYTES, headerBytes).toArray(ValueLayout.JAVA_BYTE);
      MemorySegment data = file.asSlice(dataStart);
      SafetensorsHeader header = SafetensorsHeader.parse(path, json, data.byteSize());
      return new SafetensorsFile(path, arena, data, header);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  private static MemorySegment contents(Path path, Arena arena) {
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
        long chunk = Math.min(size - at, 1 << 24);
        int read = channel.read(memory.asSlice(at, chunk).asByteBuffer());
        if (read < 0) {
          throw new IOException("it ends at byte " + at + " of " + size);
        }
        at += read;
      }
      return memory.asReadOnly();
    }
  }

  private static long headerBytes(Path path, MemorySegment file) {
    long size = file.byteSize();
    if (size < LENGTH_BYTES) {
      throw SafetensorsHeader.damaged(
          path, "it has %d bytes, and the length of the header alone takes %d", size, LENGTH_BYTES);
    }
    long bytes = file.get(LONG, 0);
    if (bytes < 0 || bytes > MAX_HEADER_BYTES) {
      throw SafetensorsHeader.damaged(
          path,
          "its header claims %s bytes, and the format allows %d",
          Long.toUnsignedString(bytes),
          MAX_HEADER_BYTES);
    }
    if (bytes > size - LENGTH_BYTES) {
      throw SafetensorsHeader.damaged(
          path, "its header claims %d bytes, and %d follow", bytes, size - LENGTH_BYTES);
    }
    return bytes;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public SortedMap<String, StoredTensor> tensors() {
    return header.tensors();
  }

  @Override
  public Map<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public Tensor read(String name, Arena arena) {
    StoredTensor stored = header.tensors().get(name);
    if (stored == null) {
      throw new ModelException(path + ": has no tensor " + ModelException.quote(name));
    }
    Optional<DType> dtype = stored.type().dtype();
    if (dtype.isPresent()) {
      return Tensor.view(data, stored.offset(), dtype.get(), stored.shape());
    }
    if (stored.type() == StorageType.F64) {
      return narrow(stored, arena);
    }
    throw new ModelException(
        String.format(
            "%s: tensor %s is stored as %s; weights must be F32, F16, BF16 or F64:"
                + " convert the checkpoint",
            path, ModelException.quote(name), stored.type()));
  }

  private Tensor narrow(StoredTensor stored, Arena arena) {
    Tensor tensor = Tensor.allocate(arena, stored.shape());
    for (long i = 0; i < stored.shape().elements(); i++) {
      double value = data.get(DOUBLE, stored.offset() + i * Double.BYTES);
      tensor.segment().set(FLOAT, i * Float.BYTES, (float) value);
    }
    return tensor;
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
