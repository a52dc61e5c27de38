package io.vitj.model.packed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.tensor.DType;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.PackedMatrix;
import java.util.Locale;

/**
 * Where a part of a model lies in a packed file.
 *
 * @param name its name
 * @param kind what it is
 * @param shape (outputs, inputs) of a matrix; the shape of a tensor; the bytes of a file
 * @param at its first byte, counted from the start of the data, a multiple of {@link
 *     Tensor#ALIGNMENT}
 */
record Part(String name, Kind kind, Shape shape, long at) {
  /** What a part may be. */
  enum Kind {
    /** A packed matrix with its bias. */
    PACKED(DType.F32),
    /** A packed matrix, rounded to bfloat16, with its bias. */
    PACKED_BF16(DType.BF16),
    /** A tensor, F32. */
    TENSOR(DType.F32),
    /** A file that came with the checkpoint, as it was. */
    FILE(null);

    private final DType dtype;

    Kind(DType dtype) {
      this.dtype = dtype;
    }

    /** Returns how its numbers are stored; null where it has none. */
    DType dtype() {
      return dtype;
    }

    /** Tells whether it is a packed matrix. */
    boolean isMatrix() {
      return this == PACKED || this == PACKED_BF16;
    }

    /** Returns the kind of a packed matrix. */
    static Kind packed(DType dtype) {
      return dtype == DType.BF16 ? PACKED_BF16 : PACKED;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static Kind of(String name) {
      for (Kind kind : values()) {
        if (kind.toString().equals(name)) {
          return kind;
        }
      }
      return null;
    }
  }

  /** Rounds up to where a part may start. */
  static long align(long at) {
    return Math.addExact(at, Tensor.ALIGNMENT - 1) & -Tensor.ALIGNMENT;
  }

  /** Returns where the bias of a matrix starts, counted from the matrix. */
  long biasAt() {
    return align(panelBytes());
  }

  /** Returns the bytes of the panels of a matrix. */
  long panelBytes() {
    return PackedMatrix.panelBytes(shape.dim(0), shape.dim(1), kind.dtype());
  }

  /** Returns the bytes of the bias of a matrix. */
  long biasBytes() {
    return PackedMatrix.biasBytes(shape.dim(0));
  }

  /**
   * Returns where the part ends.
   *
   * @return the byte after its last, counted from the start of the data
   * @throws ArithmeticException if that is more than a {@code long} counts
   */
  long end() {
    long bytes =
        switch (kind) {
          case PACKED, PACKED_BF16 -> Math.addExact(biasAt(), biasBytes());
          case TENSOR -> Math.multiplyExact(shape.elements(), (long) Float.BYTES);
          case FILE -> shape.elements();
        };
    return Math.addExact(at, bytes);
  }

  /** Writes the entry of the table. */
  void describe(ObjectNode entry) {
    entry.put("name", name).put("kind", kind.toString());
    for (int dim : shape.dims()) {
      entry.withArray("shape").add(dim);
    }
    entry.put("at", at);
  }

  /**
   * Reads an entry of the table.
   *
   * @param entry the entry
   * @return the part, or null if the entry describes none
   */
  static Part of(JsonNode entry) {
    JsonNode dims = entry.path("shape");
    Kind kind = Kind.of(entry.path("kind").asText());
    boolean sound =
        entry.path("name").isTextual()
            && kind != null
            && dims.isArray()
            && (!kind.isMatrix() || dims.size() == 2)
            && entry.path("at").isIntegralNumber()
            && entry.path("at").canConvertToLong();
    if (!sound) {
      return null;
    }
    int[] extents = new int[dims.size()];
    for (int i = 0; i < extents.length; i++) {
      if (!dims.get(i).isInt() || dims.get(i).intValue() < 1) {
        return null;
      }
      extents[i] = dims.get(i).intValue();
    }
    return new Part(
        entry.path("name").textValue(), kind, Shape.of(extents), entry.path("at").longValue());
  }
}
