package io.vitj.model.checkpoint;

import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.bytes.Damage;
import io.vitj.model.checkpoint.bytes.FileMemory;
import io.vitj.model.checkpoint.zip.ZipArchive;
import io.vitj.model.checkpoint.zip.ZipEntry;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A file of NumPy arrays: a zip archive with one .npy file for each, whose name is that of the
 * array with {@code .npy} behind it (numpy.lib.format). Other entries are not looked at.
 *
 * <p>Stored arrays are views of the mapped file. Deflated ones are inflated when they are first
 * read, and kept until the file is closed: together they take at most {@value ZipArchive#MAX_RATIO}
 * times the size of the file.
 */
public final class NpzFile implements CheckpointFile {
  private static final String ARRAY = ".npy";

  private final Path path;
  private final Arena arena;
  private final ZipArchive archive;
  private final Map<String, NpyHeader> headers = new HashMap<>();
  private final SortedMap<String, StoredTensor> tensors = new TreeMap<>();

  /** Arrays that were read, by name; guarded by itself. */
  private final Map<String, MemorySegment> contents = new HashMap<>();

  private NpzFile(Path path, Arena arena, ZipArchive archive) {
    this.path = path;
    this.arena = arena;
    this.archive = archive;
  }

  /**
   * Opens a file and validates its directory and the headers of all arrays.
   *
   * @param path the file, on any file system
   * @return the open file
   * @throws ModelException if it cannot be read or is malformed
   */
  public static NpzFile open(Path path) {
    Damage damage = new Damage(path, ".npz file");
    Arena arena = Arena.ofShared();
    try {
      return read(damage, FileMemory.of(damage, arena), arena);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /** Reads a whole file out of memory that the arena owns. */
  static NpzFile read(Damage damage, MemorySegment memory, Arena arena) {
    NpzFile file = new NpzFile(damage.file(), arena, ZipArchive.of(damage, memory));
    for (ZipEntry entry : file.archive.entries().values()) {
      if (entry.name().endsWith(ARRAY)) {
        file.add(entry, damage);
      }
    }
    return file;
  }

  private void add(ZipEntry entry, Damage damage) {
    String name = entry.name().substring(0, entry.name().length() - ARRAY.length());
    try (Arena transientArena = Arena.ofConfined()) {
      MemorySegment start = archive.start(entry, NpyHeader.MAX_BYTES, transientArena);
      NpyHeader header = NpyHeader.parse(name, start, entry.bytes(), damage);
      headers.put(name, header);
      tensors.put(name, new StoredTensor(name, header.type(), header.shape()));
    }
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public SortedMap<String, StoredTensor> tensors() {
    return Collections.unmodifiableSortedMap(tensors);
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  /**
   * {@inheritDoc}
   *
   * <p>An array whose first axis is innermost is copied like one of F64. The first reading of an
   * array checks its CRC-32.
   */
  @Override
  public Tensor read(String name, Arena arena) {
    Weights.require(this, name);
    return headers.get(name).view(contents(name)).read(arena);
  }

  private MemorySegment contents(String name) {
    synchronized (contents) {
      MemorySegment known = contents.get(name);
      if (known == null) {
        ZipEntry entry = archive.entries().get(name + ARRAY);
        known = archive.contents(entry, arena);
        if (!entry.deflated()) {
          archive.requireSum(entry, known);
        }
        contents.put(name, known);
      }
      return known;
    }
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
