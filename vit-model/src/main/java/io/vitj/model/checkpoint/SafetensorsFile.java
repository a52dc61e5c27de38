package io.vitj.model.checkpoint;

import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.bytes.Damage;
import io.vitj.model.checkpoint.bytes.FileMemory;
import io.vitj.model.checkpoint.strided.StridedView;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
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
  private static final String FORMAT = "safetensors file";
  private static final int LENGTH_BYTES = 8;

  /** The format's own limit; it keeps a lying header from allocating memory. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

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
    Damage damage = new Damage(path, FORMAT);
    Arena arena = Arena.ofShared();
    try {
      return read(damage, FileMemory.of(damage, arena), arena);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /** Reads a whole file out of memory that the arena owns. */
  static SafetensorsFile read(Damage damage, MemorySegment memory, Arena arena) {
    long headerBytes = headerBytes(damage, memory);
    byte[] json = memory.asSlice(LENGTH_BYTES, headerBytes).toArray(ValueLayout.JAVA_BYTE);
    MemorySegment data = memory.asSlice(LENGTH_BYTES + headerBytes);
    SafetensorsHeader header = SafetensorsHeader.parse(damage, json, data.byteSize());
    return new SafetensorsFile(damage.file(), arena, data, header);
  }

  private static long headerBytes(Damage damage, MemorySegment file) {
    long size = file.byteSize();
    if (size < LENGTH_BYTES) {
      throw damage.damaged(
          "it has %d bytes, and the length of the header alone takes %d", size, LENGTH_BYTES);
    }
    long bytes = file.get(LONG, 0);
    if (bytes < 0 || bytes > MAX_HEADER_BYTES) {
      throw damage.damaged(
          "its header claims %s bytes, and the format allows %d",
          Long.toUnsignedString(bytes), MAX_HEADER_BYTES);
    }
    if (bytes > size - LENGTH_BYTES) {
      throw damage.damaged("its header claims %d bytes, and %d follow", bytes, size - LENGTH_BYTES);
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
    StoredTensor stored = Weights.require(this, name);
    return StridedView.rowMajor(data, offset(name), stored.type(), stored.shape()).read(arena);
  }

  /** Returns where the bytes of a tensor start, counted from the end of the header. */
  long offset(String name) {
    return header.offsets().get(name);
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
