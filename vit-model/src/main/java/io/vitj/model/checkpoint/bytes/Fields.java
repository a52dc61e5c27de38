package io.vitj.model.checkpoint.bytes;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Little-endian fields of a binary format. Reading outside the memory is a fault of the file, not
 * of the program.
 *
 * @param memory the bytes
 * @param damage words the faults of the file
 */
public record Fields(MemorySegment memory, Damage damage) {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /**
   * Returns the number of bytes.
   *
   * @return the size of the memory
   */
  public long size() {
    return memory.byteSize();
  }

  /**
   * Reads an unsigned byte.
   *
   * @param at its offset
   * @return its value
   * @throws io.vitj.model.ModelException if it lies outside the file
   */
  public int u8(long at) {
    require(at, 1);
    return memory.get(ValueLayout.JAVA_BYTE, at) & 0xff;
  }

  /**
   * Reads an unsigned 16-bit integer.
   *
   * @param at its offset
   * @return its value
   * @throws io.vitj.model.ModelException if it lies outside the file
   */
  public int u16(long at) {
    require(at, Short.BYTES);
    return memory.get(SHORT, at) & 0xffff;
  }

  /**
   * Reads a signed 32-bit integer.
   *
   * @param at its offset
   * @return its value
   * @throws io.vitj.model.ModelException if it lies outside the file
   */
  public int i32(long at) {
    require(at, Integer.BYTES);
    return memory.get(INT, at);
  }

  /**
   * Reads an unsigned 32-bit integer.
   *
   * @param at its offset
   * @return its value
   * @throws io.vitj.model.ModelException if it lies outside the file
   */
  public long u32(long at) {
    return i32(at) & 0xffff_ffffL;
  }

  /**
   * Reads a 64-bit integer that counts or measures something.
   *
   * @param at its offset
   * @return its value
   * @throws io.vitj.model.ModelException if it lies outside the file or is 2⁶³ or more
   */
  public long size64(long at) {
    require(at, Long.BYTES);
    long value = memory.get(LONG, at);
    if (value < 0) {
      throw damage.damaged("the size at byte %d is %s", at, Long.toUnsignedString(value));
    }
    return value;
  }

  /**
   * Reads bytes.
   *
   * @param at the first
   * @param length how many; 0 or more
   * @return a copy
   * @throws io.vitj.model.ModelException if they are not all inside the file
   */
  public byte[] bytes(long at, long length) {
    require(at, length);
    return memory.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /**
   * Reads text in UTF-8; what is not becomes the replacement character.
   *
   * @param at its first byte
   * @param length its length in bytes; 0 or more
   * @return the text
   * @throws io.vitj.model.ModelException if it is not all inside the file
   */
  public String text(long at, long length) {
    return new String(bytes(at, length), StandardCharsets.UTF_8);
  }

  /**
   * Checks a range.
   *
   * @param at its first byte
   * @param length its length
   * @throws io.vitj.model.ModelException if it is not inside the file
   */
  public void require(long at, long length) {
    if (at < 0 || length < 0 || at > size() - length) {
      throw damage.damaged(
          "a field of %d bytes at byte %d goes beyond the end at %d", length, at, size());
    }
  }
}
