package io.vitj.model.checkpoint.zip;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates from memory into memory, which may be larger than a buffer can be. */
final class Inflation implements AutoCloseable {
  /** Bytes that one call sees on either side. */
  private static final long CHUNK = 1L << 26;

  private final MemorySegment source;
  private final Inflater inflater = new Inflater(true);
  private long taken;

  Inflation(MemorySegment source) {
    this.source = source;
  }

  /**
   * Inflates until the target is full or the source is at its end or broken.
   *
   * @param target where the bytes go
   * @return how many came
   */
  long fill(MemorySegment target) {
    long filled = 0;
    try {
      while (filled < target.byteSize() && !inflater.finished()) {
        long room = Math.min(CHUNK, target.byteSize() - filled);
        int count = inflate(target.asSlice(filled, room).asByteBuffer());
        if (count == 0 && !inflater.finished() && !feedable()) {
          return filled;
        }
        filled += count;
      }
    } catch (DataFormatException e) {
      return filled;
    }
    return filled;
  }

  private boolean feedable() {
    return inflater.needsInput() && taken < source.byteSize();
  }

  private int inflate(ByteBuffer target) throws DataFormatException {
    if (feedable()) {
      long length = Math.min(CHUNK, source.byteSize() - taken);
      inflater.setInput(source.asSlice(taken, length).asByteBuffer());
      taken += length;
    }
    return inflater.inflate(target);
  }

  /** Returns whether the source has no more to give, neither bytes nor rest. */
  boolean atEnd() {
    long more = fill(MemorySegment.ofBuffer(ByteBuffer.allocate(1)));
    return more == 0 && inflater.finished() && taken - inflater.getRemaining() == source.byteSize();
  }

  /** Computes the CRC-32 of memory. */
  static int crc(MemorySegment memory) {
    CRC32 crc = new CRC32();
    for (long at = 0; at < memory.byteSize(); at += CHUNK) {
      crc.update(memory.asSlice(at, Math.min(CHUNK, memory.byteSize() - at)).asByteBuffer());
    }
    return (int) crc.getValue();
  }

  @Override
  public void close() {
    inflater.close();
  }
}
