package io.vitj.model.packed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.PackedMatrix;

/**
 * Where a part of a model lies in a packed file.
 *
 * @param name its name
 * @param packed whether it is a packed matrix with its bias; otherwise a tensor, F32
 * @param shape (outputs, inputs) of a matrix; the shape of a tensor
 * @param at its first byte, counted from the start of the data, a multiple of {@link
 *     Tensor#ALIGNMENT}
 */
record Part(String name, boolean packed, Shape shape, long at) {
  private static final String PACKED = "packed";
  private static final String TENSOR = "tensor";

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
    return PackedMatrix.panelBytes(shape.dim(0), shape.dim(1));
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
        packed
            ? Math.addExact(biasAt(), biasBytes())
            : Math.multiplyExact(shape.elements(), (long) Float.BYTES);
    return Math.addExact(at, bytes);
  }

  /** Writes the entry of the table. */
  void describe(ObjectNode entry) {
    entry.put("name", name).put("kind", packed ? PACKED : TENSOR);
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
    JsonNode kind = entry.path("kind");
    boolean packed = kind.asText().equals(PACKED);
    boolean sound =
        entry.path("name").isTextual()
            && (packed || kind.asText().equals(TENSOR))
            && dims.isArray()
            && (!packed || dims.size() == 2)
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
        entry.path("name").textValue(), packed, Shape.of(extents), entry.path("at").longValue());
  }
}
