package io.vitj.model.checkpoint.zip;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes zip files by hand, so that a test can lie in every field. */
public final class RawZip {
  /** The fields of one entry: those of its directory entry, and what stands before its bytes. */
  public static final class Fields {
    /** Its name in the directory. */
    public String name = "";

    /** Its name before its bytes. */
    public String localName = "";

    /** Its method in the directory. */
    public int method;

    /** Its method before its bytes. */
    public int localMethod;

    /** Its flags. */
    public int flags;

    /** Its sum. */
    public int crc;

    /** How many bytes it claims in the file. */
    public long stored;

    /** How many bytes it claims to inflate to. */
    public long bytes;

    /** Where the directory says that it starts; −1 for where it does. */
    public long start = -1;

    private byte[] data = {};
  }

  private final List<Fields> entries = new ArrayList<>();
  private boolean zip64;
  private Consumer<ByteBuffer> endChange = end -> {};

  /**
   * Adds an entry as it is.
   *
   * @param name its name
   * @param data its bytes
   * @return this
   */
  public RawZip stored(String name, byte[] data) {
    return add(name, data, data, 0);
  }

  /**
   * Adds a compressed entry.
   *
   * @param name its name
   * @param data its bytes
   * @return this
   */
  public RawZip deflated(String name, byte[] data) {
    return add(name, data, deflate(data), 8);
  }

  private static byte[] deflate(byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
      deflater.setInput(data);
      deflater.finish();
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
    }
    return out.toByteArray();
  }

  private RawZip add(String name, byte[] plain, byte[] data, int method) {
    CRC32 crc = new CRC32();
    crc.update(plain);
    Fields fields = new Fields();
    fields.name = name;
    fields.localName = name;
    fields.method = method;
    fields.localMethod = method;
    fields.crc = (int) crc.getValue();
    fields.stored = data.length;
    fields.bytes = plain.length;
    fields.data = data;
    entries.add(fields);
    return this;
  }

  /**
   * Changes what is said about the last entry.
   *
   * @param change changes its fields
   * @return this
   */
  public RawZip last(Consumer<Fields> change) {
    change.accept(entries.getLast());
    return this;
  }

  /**
   * Puts all sizes into the 64-bit extension.
   *
   * @return this
   */
  public RawZip zip64() {
    zip64 = true;
    return this;
  }

  /**
   * Changes the record at the end: entries at byte 10, size of the directory at 12, its start at
   * 16, length of the comment at 20.
   *
   * @param change changes its 22 bytes
   * @return this
   */
  public RawZip end(Consumer<ByteBuffer> change) {
    endChange = change;
    return this;
  }

  /**
   * Writes the archive.
   *
   * @return its bytes
   */
  public byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream directory = new ByteArrayOutputStream();
    for (Fields e : entries) {
      long start = e.start < 0 ? out.size() : e.start;
      byte[] local = e.localName.getBytes(StandardCharsets.UTF_8);
      ByteBuffer header = buffer(30).putInt(0x04034b50).putShort((short) 20);
      header.putShort((short) e.flags).putShort((short) e.localMethod).putInt(0);
      header.putInt(e.crc).putInt((int) e.stored).putInt((int) e.bytes);
      header.putShort((short) local.length).putShort((short) 0);
      out.writeBytes(array(header));
      out.writeBytes(local);
      out.writeBytes(e.data);
      directory.writeBytes(entry(e, start));
    }
    int start = out.size();
    out.writeBytes(directory.toByteArray());
    if (zip64) {
      out.writeBytes(end64(start, directory.size(), out.size()));
    }
    ByteBuffer end = buffer(22).putInt(0x06054b50).putInt(0);
    end.putShort((short) entries.size()).putShort((short) entries.size());
    end.putInt(zip64 ? -1 : directory.size()).putInt(zip64 ? -1 : start).putShort((short) 0);
    endChange.accept(end);
    out.writeBytes(array(end));
    return out.toByteArray();
  }

  private byte[] entry(Fields e, long start) {
    byte[] name = e.name.getBytes(StandardCharsets.UTF_8);
    int extra = zip64 ? 28 : 0;
    ByteBuffer entry = buffer(46 + name.length + extra).putInt(0x02014b50);
    entry.putShort((short) 20).putShort((short) 20).putShort((short) e.flags);
    entry.putShort((short) e.method).putInt(0).putInt(e.crc);
    entry.putInt(zip64 ? -1 : (int) e.stored).putInt(zip64 ? -1 : (int) e.bytes);
    entry.putShort((short) name.length).putShort((short) extra).putShort((short) 0);
    entry.putShort((short) 0).putShort((short) 0).putInt(0);
    entry.putInt(zip64 ? -1 : (int) start).put(name);
    if (zip64) {
      entry.putShort((short) 1).putShort((short) 24);
      entry.putLong(e.bytes).putLong(e.stored).putLong(start);
    }
    return array(entry);
  }

  private byte[] end64(long start, long size, long at) {
    ByteBuffer end = buffer(56 + 20).putInt(0x06064b50).putLong(44);
    end.putShort((short) 45).putShort((short) 45).putInt(0).putInt(0);
    end.putLong(entries.size()).putLong(entries.size()).putLong(size).putLong(start);
    return array(end.putInt(0x07064b50).putInt(0).putLong(at).putInt(1));
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] array(ByteBuffer buffer) {
    byte[] array = new byte[buffer.capacity()];
    buffer.get(0, array);
    return array;
  }
}
