package io.vitj.model.checkpoint.zip;

import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.bytes.Damage;
import io.vitj.model.checkpoint.bytes.Fields;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.Map;

/**
 * A zip file in memory. Stored entries are views of it; deflated ones are inflated, never beyond
 * the size that the directory claims for them, and all of them together claim at most {@value
 * #MAX_RATIO} times the size of the file.
 */
public final class ZipArchive {
  /**
   * Weights hardly compress at all: random bits of a float32's fraction leave 0.9 of them, and a
   * model with nine tenths of its weights zero some 0.1. Deflate itself goes to 1032.
   */
  public static final int MAX_RATIO = 100;

  private final Damage damage;
  private final MemorySegment memory;
  private final Map<String, ZipEntry> entries;

  private ZipArchive(Damage damage, MemorySegment memory, Map<String, ZipEntry> entries) {
    this.damage = damage;
    this.memory = memory;
    this.entries = Collections.unmodifiableMap(entries);
  }

  /**
   * Reads the directory of an archive.
   *
   * @param damage words the faults of the file
   * @param memory the whole file
   * @return the archive
   * @throws ModelException if the directory contradicts itself or the file, or the entries claim
   *     too much
   */
  public static ZipArchive of(Damage damage, MemorySegment memory) {
    Map<String, ZipEntry> entries = ZipDirectory.read(new Fields(memory, damage));
    long limit = Math.multiplyExact(memory.byteSize(), (long) MAX_RATIO);
    long claimed = 0;
    for (ZipEntry entry : entries.values()) {
      if (entry.bytes() > limit - claimed) {
        throw damage.refused(
            "its entries claim more than %d times the %d bytes of the file: a zip bomb",
            MAX_RATIO, memory.byteSize());
      }
      claimed += entry.bytes();
    }
    return new ZipArchive(damage, memory, entries);
  }

  /**
   * Returns all entries.
   *
   * @return the entries by name, in the order of their bytes; unmodifiable
   */
  public Map<String, ZipEntry> entries() {
    return entries;
  }

  /**
   * Returns the first bytes of an entry.
   *
   * @param entry the entry
   * @param length how many at most
   * @param arena the owner of memory that inflation needs
   * @return as many as there are, read-only
   * @throws ModelException if they cannot be inflated
   */
  public MemorySegment start(ZipEntry entry, long length, Arena arena) {
    long bytes = Math.min(length, entry.bytes());
    return entry.deflated() ? inflated(entry, bytes, arena) : memory.asSlice(entry.start(), bytes);
  }

  /**
   * Returns all bytes of an entry.
   *
   * @param entry the entry
   * @param arena the owner of memory that inflation needs
   * @return a view of the archive, or new memory; read-only
   * @throws ModelException if it cannot be inflated to what the directory claims
   */
  public MemorySegment contents(ZipEntry entry, Arena arena) {
    return start(entry, entry.bytes(), arena);
  }

  /**
   * Checks the sum of an entry.
   *
   * @param entry the entry
   * @param contents all its bytes
   * @throws ModelException if they are not those that were written
   */
  public void requireSum(ZipEntry entry, MemorySegment contents) {
    int crc = Inflation.crc(contents);
    if (crc != entry.crc()) {
      throw damage.damaged(
          "the entry %s has the CRC-32 %08x instead of %08x",
          ModelException.quote(entry.name()), crc, entry.crc());
    }
  }

  private MemorySegment inflated(ZipEntry entry, long bytes, Arena arena) {
    MemorySegment target = arena.allocate(Math.max(bytes, 1), Tensor.ALIGNMENT).asSlice(0, bytes);
    MemorySegment source = memory.asSlice(entry.start(), entry.stored());
    boolean whole = bytes == entry.bytes();
    try (Inflation inflation = new Inflation(source)) {
      if (inflation.fill(target) < bytes || whole && !inflation.atEnd()) {
        throw damage.damaged(
            "the entry %s does not inflate to the %d bytes that it claims",
            ModelException.quote(entry.name()), entry.bytes());
      }
    }
    if (whole) {
      requireSum(entry, target);
    }
    return target.asReadOnly();
  }
}
