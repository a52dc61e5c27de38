package io.vitj.model.checkpoint.zip;

import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.bytes.Fields;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The directory of a zip file (PKWARE's APPNOTE, version 6.3.10), with its 64-bit extension. It is
 * accepted only if everything in it agrees: the entries lie before the directory and do not
 * overlap, and each has the same name and method in front of its bytes.
 */
final class ZipDirectory {
  private static final int END = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int END_64 = 0x06064b50;
  private static final int END_64_BYTES = 56;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int LOCATOR_64_BYTES = 20;
  private static final int ENTRY = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int MAX_COMMENT_BYTES = 0xffff;
  private static final int EXTRA_64 = 1;
  private static final int ENCRYPTED = 1;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;

  /** In place of a 32-bit size: the size is in the 64-bit extension. */
  private static final long IN_EXTRA = 0xffff_ffffL;

  /**
   * Where the directory is.
   *
   * @param start its first byte
   * @param bytes its length
   * @param entries the number of its entries
   */
  private record Location(long start, long bytes, long entries) {}

  /**
   * An entry of the directory.
   *
   * @param entry what it says; its start is that of the header in front of its bytes
   * @param nameAt where its name is
   * @param nameBytes how long that is
   * @param method how it is compressed
   */
  private record Listed(ZipEntry entry, long nameAt, int nameBytes, int method) {}

  private final Fields fields;

  private ZipDirectory(Fields fields) {
    this.fields = fields;
  }

  /**
   * Reads the directory.
   *
   * @param fields the whole archive
   * @return the entries by name, in the order of their bytes
   * @throws ModelException if anything in it contradicts anything else
   */
  static Map<String, ZipEntry> read(Fields fields) {
    ZipDirectory directory = new ZipDirectory(fields);
    Location location = directory.locate();
    List<Listed> listed = directory.list(location);
    listed.sort(Comparator.comparingLong(l -> l.entry().start()));
    Map<String, ZipEntry> entries = new LinkedHashMap<>();
    long end = 0;
    for (Listed each : listed) {
      ZipEntry entry = directory.placed(each, end, location.start());
      end = entry.start() + entry.stored();
      if (entries.put(entry.name(), entry) != null) {
        throw fields.damage().damaged("it has two entries %s", ModelException.quote(entry.name()));
      }
    }
    return entries;
  }

  private Location locate() {
    long end = end();
    long entries = fields.u16(end + 10);
    long bytes = fields.u32(end + 12);
    long start = fields.u32(end + 16);
    long directoryEnd = end;
    long locator = end - LOCATOR_64_BYTES;
    if (locator >= 0 && fields.i32(locator) == LOCATOR_64) {
      directoryEnd = fields.size64(locator + 8);
      if (directoryEnd > locator - END_64_BYTES || fields.i32(directoryEnd) != END_64) {
        throw fields.damage().damaged("the end of its 64-bit directory is not where it says");
      }
      entries = fields.size64(directoryEnd + 32);
      bytes = fields.size64(directoryEnd + 40);
      start = fields.size64(directoryEnd + 48);
    }
    if (start > directoryEnd || bytes != directoryEnd - start) {
      throw fields
          .damage()
          .damaged(
              "its directory has %d bytes from byte %d, and should end at byte %d",
              bytes, start, directoryEnd);
    }
    if (entries > bytes / ENTRY_BYTES) {
      throw fields.damage().damaged("%d entries do not fit into its directory", entries);
    }
    return new Location(start, bytes, entries);
  }

  /** The last record that ends with the file: in front of it may be bytes that look the same. */
  private long end() {
    long last = fields.size() - END_BYTES;
    for (long at = last; at >= Math.max(0, last - MAX_COMMENT_BYTES); at--) {
      if (fields.i32(at) == END && at + fields.u16(at + 20) == last) {
        return at;
      }
    }
    throw fields.damage().damaged("its zip directory is missing, so its end is");
  }

  private List<Listed> list(Location location) {
    List<Listed> listed = new ArrayList<>();
    long at = location.start();
    long end = location.start() + location.bytes();
    for (long i = 0; i < location.entries(); i++) {
      if (at > end - ENTRY_BYTES || fields.i32(at) != ENTRY) {
        throw fields.damage().damaged("entry %d of its directory is not at byte %d", i, at);
      }
      int nameBytes = fields.u16(at + 28);
      int extraBytes = fields.u16(at + 30);
      int commentBytes = fields.u16(at + 32);
      long next = at + ENTRY_BYTES + nameBytes + extraBytes + commentBytes;
      if (next > end) {
        throw fields.damage().damaged("entry %d of its directory ends behind it", i);
      }
      listed.add(listed(at, nameBytes, extraBytes));
      at = next;
    }
    if (at != end) {
      throw fields.damage().damaged("bytes %d to %d of its directory are no entry", at, end);
    }
    return listed;
  }

  private Listed listed(long at, int nameBytes, int extraBytes) {
    String name = fields.text(at + ENTRY_BYTES, nameBytes);
    if ((fields.u16(at + 8) & ENCRYPTED) != 0) {
      throw fields
          .damage()
          .refused("the entry %s is encrypted; unpack it first", ModelException.quote(name));
    }
    int method = fields.u16(at + 10);
    if (method != STORED && method != DEFLATED) {
      throw fields
          .damage()
          .refused(
              "the entry %s is compressed by method %d; vitj reads stored and deflated ones",
              ModelException.quote(name), method);
    }
    long[] sizes = {fields.u32(at + 24), fields.u32(at + 20), fields.u32(at + 42)};
    extend(sizes, at + ENTRY_BYTES + nameBytes, extraBytes);
    ZipEntry entry =
        new ZipEntry(name, method == DEFLATED, sizes[2], sizes[1], sizes[0], fields.i32(at + 16));
    return new Listed(entry, at + ENTRY_BYTES, nameBytes, method);
  }

  /** Takes from the 64-bit extension what did not fit: bytes, stored bytes and start, in order. */
  private void extend(long[] sizes, long extra, int extraBytes) {
    long end = extra + extraBytes;
    for (long at = extra; at <= end - 4; at += 4 + fields.u16(at + 2)) {
      if (fields.u16(at) == EXTRA_64) {
        long fieldEnd = Math.min(end, at + 4 + fields.u16(at + 2));
        long value = at + 4;
        for (int i = 0; i < sizes.length; i++) {
          if (sizes[i] == IN_EXTRA && value <= fieldEnd - Long.BYTES) {
            sizes[i] = fields.size64(value);
            value += Long.BYTES;
          }
        }
        return;
      }
    }
  }

  /** Finds the bytes of an entry behind its own header, which must agree with the directory. */
  private ZipEntry placed(Listed listed, long previousEnd, long directory) {
    ZipEntry entry = listed.entry();
    String name = ModelException.quote(entry.name());
    long header = entry.start();
    if (header < previousEnd) {
      throw fields
          .damage()
          .damaged(
              "the entry %s starts at byte %d, inside another that ends at %d",
              name, header, previousEnd);
    }
    if (header > directory - LOCAL_BYTES || fields.i32(header) != LOCAL) {
      throw fields.damage().damaged("the entry %s is not at byte %d", name, header);
    }
    int nameBytes = fields.u16(header + 26);
    boolean agrees =
        fields.u16(header + 8) == listed.method()
            && nameBytes == listed.nameBytes()
            && Arrays.equals(
                fields.bytes(header + LOCAL_BYTES, nameBytes),
                fields.bytes(listed.nameAt(), nameBytes));
    if (!agrees) {
      throw fields.damage().damaged("the entry %s has two headers that differ", name);
    }
    long start = header + LOCAL_BYTES + nameBytes + fields.u16(header + 28);
    if (entry.stored() > directory - start) {
      throw fields
          .damage()
          .damaged(
              "the entry %s has %d bytes from byte %d, and the directory is at %d",
              name, entry.stored(), start, directory);
    }
    if (!entry.deflated() && entry.stored() != entry.bytes()) {
      throw fields
          .damage()
          .damaged(
              "the entry %s is stored in %d bytes, but claims %d",
              name, entry.stored(), entry.bytes());
    }
    return new ZipEntry(
        entry.name(), entry.deflated(), start, entry.stored(), entry.bytes(), entry.crc());
  }
}
