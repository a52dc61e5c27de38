package io.vitj.model.checkpoint;

import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.bytes.Damage;
import io.vitj.model.checkpoint.bytes.Fields;
import io.vitj.model.checkpoint.strided.StridedView;
import io.vitj.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * The header of an array in NumPy's .npy format, versions 1 to 3 (NEP 1): a magic number, a
 * version, a length, and a Python dictionary of {@code descr}, {@code fortran_order} and {@code
 * shape}.
 *
 * @param type the element type
 * @param columnMajor whether the first axis is innermost
 * @param shape the extents
 * @param bytes the length of the header; the elements follow
 */
record NpyHeader(StorageType type, boolean columnMajor, Shape shape, int bytes) {
  /**
   * The most bytes that a header is looked for in. The format allows 2³²; NumPy writes 128 for a
   * few axes.
   */
  static final int MAX_BYTES = 1 << 14;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /**
   * NumPy's codes. {@code V2}, two bytes of nothing known, is what NumPy makes of the bfloat16 of
   * other libraries.
   */
  private static final Map<String, StorageType> TYPES =
      Map.ofEntries(
          Map.entry("f2", StorageType.F16),
          Map.entry("V2", StorageType.BF16),
          Map.entry("f4", StorageType.F32),
          Map.entry("f8", StorageType.F64),
          Map.entry("c8", StorageType.C64),
          Map.entry("b1", StorageType.BOOL),
          Map.entry("i1", StorageType.I8),
          Map.entry("i2", StorageType.I16),
          Map.entry("i4", StorageType.I32),
          Map.entry("i8", StorageType.I64),
          Map.entry("u1", StorageType.U8),
          Map.entry("u2", StorageType.U16),
          Map.entry("u4", StorageType.U32),
          Map.entry("u8", StorageType.U64));

  /**
   * Parses a header, which must account for all bytes of the array.
   *
   * @param array the name of the array, for messages
   * @param start its first {@link #MAX_BYTES} bytes, or all
   * @param arrayBytes its length, header and elements
   * @param damage words the faults of the file
   * @return the header
   * @throws ModelException if it is malformed, or the array is none of numbers
   */
  static NpyHeader parse(String array, MemorySegment start, long arrayBytes, Damage damage) {
    Fields fields = new Fields(start, damage);
    String name = ModelException.quote(array);
    for (int i = 0; i < MAGIC.length; i++) {
      if (start.byteSize() <= i || (byte) fields.u8(i) != MAGIC[i]) {
        throw damage.damaged("the array %s does not begin as the .npy format does", name);
      }
    }
    int version = fields.u8(MAGIC.length);
    if (version < 1 || version > 3) {
      throw damage.refused(
          "the array %s is of version %d of the .npy format; vitj reads 1 to 3", name, version);
    }
    int lengthAt = MAGIC.length + 2;
    int textAt = lengthAt + (version == 1 ? Short.BYTES : Integer.BYTES);
    long length = version == 1 ? fields.u16(lengthAt) : fields.u32(lengthAt);
    if (length > start.byteSize() - textAt) {
      throw damage.damaged(
          "the array %s claims a header of %d bytes; it has %d, of which vitj reads %d",
          name, length, arrayBytes, MAX_BYTES);
    }
    NpyDictionary dictionary = NpyDictionary.parse(fields.text(textAt, length), name, damage);
    int bytes = textAt + (int) length;
    NpyHeader header =
        new NpyHeader(
            type(dictionary.descr(), name, damage),
            dictionary.fortranOrder(),
            dictionary.shape(),
            bytes);
    header.requireElements(name, arrayBytes - bytes, damage);
    return header;
  }

  private static StorageType type(String descr, String name, Damage damage) {
    if (descr.contains("O")) {
      throw damage.refused("the array %s holds Python objects, which vitj never unpickles", name);
    }
    if (descr.startsWith(">")) {
      throw damage.refused(
          "the array %s is big-endian (%s); save it on a little-endian machine",
          name, ModelException.quote(descr));
    }
    boolean ordered = descr.startsWith("<") || descr.startsWith("|") || descr.startsWith("=");
    StorageType type = ordered ? TYPES.get(descr.substring(1)) : null;
    if (type == null) {
      throw damage.refused(
          "the array %s has the dtype %s, which vitj does not know",
          name, ModelException.quote(descr));
    }
    return type;
  }

  private void requireElements(String name, long present, Damage damage) {
    long needed;
    try {
      needed = Math.multiplyExact(shape.elements(), type.bits() / 8L);
    } catch (ArithmeticException e) {
      throw damage.damaged("the array %s has a size that overflows: %s %s", name, type, shape);
    }
    if (needed != present) {
      throw damage.damaged(
          "the array %s %s %s takes %d bytes, and has %d", name, type, shape, needed, present);
    }
  }

  /**
   * Views the elements.
   *
   * @param array the whole array, with this header in front
   * @return its elements
   */
  StridedView view(MemorySegment array) {
    return columnMajor
        ? StridedView.of(array, bytes, type, shape, StridedView.columnMajor(shape))
        : StridedView.rowMajor(array, bytes, type, shape);
  }
}
