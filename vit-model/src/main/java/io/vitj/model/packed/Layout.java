package io.vitj.model.packed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import io.vitj.model.checkpoint.bytes.Damage;
import io.vitj.tensor.DType;
import io.vitj.tensor.kernel.KernelProvider;
import io.vitj.tensor.kernel.Kernels;

/**
 * What the order of packed weights depends on.
 *
 * @param kernels the kernels that it was made for, such as {@code vector}
 * @param bits the width of their vectors
 * @param tileColumns the columns of a panel, which alone decide the order
 */
record Layout(String kernels, int bits, int tileColumns) {
  private static final String DTYPE = DType.F32.name();

  /** The layout of the kernels of this JVM. */
  static Layout here() {
    Kernels kernels = KernelProvider.kernels();
    return new Layout(kernels.name(), kernels.bits(), kernels.blocking().tileColumns());
  }

  /** Writes the layout. */
  ObjectNode describe() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("kernels", kernels)
        .put("bits", bits)
        .put("tile_columns", tileColumns)
        .put("dtype", DTYPE);
  }

  /**
   * Checks that weights are in the order that the kernels of this JVM read.
   *
   * @param json what a file says
   * @param damage words the faults of the file
   * @throws ModelException if they are in another
   */
  static void requireHere(JsonNode json, Damage damage) {
    Layout here = here();
    JsonNode columns = json.path("tile_columns");
    if (!json.path("kernels").isTextual() || !json.path("bits").isInt() || !columns.isInt()) {
      throw damage.damaged("its header describes no layout");
    }
    Layout file =
        new Layout(json.path("kernels").asText(), json.path("bits").intValue(), columns.intValue());
    if (!json.path("dtype").asText().equals(DTYPE)) {
      throw damage.refused(
          "holds weights of the type %s, and vitj computes with %s: convert the model again",
          ModelException.quote(json.path("dtype").asText()), DTYPE);
    }
    if (file.tileColumns != here.tileColumns) {
      throw damage.refused(
          "is packed for %s, and this JVM runs %s: convert the model again here%s",
          file, here, file.kernels.equals("vector") ? ", or run java with " + file.options() : "");
    }
  }

  private String options() {
    return "-D%s=%d".formatted(KernelProvider.BITS_PROPERTY, bits);
  }

  @Override
  public String toString() {
    return "%s %d-bit kernels (panels of %d columns)"
        .formatted(ModelException.oneLine(kernels), bits, tileColumns);
  }
}
