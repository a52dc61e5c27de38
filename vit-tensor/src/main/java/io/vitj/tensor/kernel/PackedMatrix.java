package io.vitj.tensor.kernel;

import io.vitj.tensor.DType;
import io.vitj.tensor.HalfFloat;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.memory.MappedMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The constant right-hand side of a linear layer y = x·Wᵀ + b, packed once into the order in which
 * the kernels read it: panels of {@link Blocking#tileColumns()} outputs, each holding for every
 * input the weights of its outputs side by side; the last panel is padded with zeros. Immutable and
 * shared by all threads.
 *
 * <p>Stored as {@link DType#BF16}, rounded to nearest, it takes half the memory: the weights of two
 * inputs, one in the lower and one in the upper half, are one int ({@link Kernels#widen}). An odd
 * number of inputs is padded with zeros.
 *
 * <p>The layout belongs to the kernels of this JVM: a file in it serves kernels with the same
 * {@link Blocking#tileColumns()}.
 */
public final class PackedMatrix {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment panels;
  private final MemorySegment bias;
  private final DType dtype;
  private final int inputs;
  private final int outputs;

  private PackedMatrix(
      MemorySegment panels, MemorySegment bias, DType dtype, int inputs, int outputs) {
    this.panels = panels;
    this.dtype = dtype;
    this.bias = bias;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /**
   * Packs a weight matrix as {@link DType#F32}.
   *
   * @param arena the owner of the packed memory
   * @param weight W (outputs, inputs), any dtype; trailing axes count as inputs, so that a
   *     convolution kernel (D, C, P, P) packs as it is
   * @param bias b (outputs), any dtype, or null for none
   * @return the packed matrix; it keeps neither argument
   * @throws IllegalArgumentException if the weight is a scalar or empty, or bias and weight have
   *     different numbers of outputs
   */
  public static PackedMatrix pack(Arena arena, Tensor weight, Tensor bias) {
    return pack(arena, weight, bias, DType.F32);
  }

  /**
   * Packs a weight matrix.
   *
   * @param arena the owner of the packed memory
   * @param weight W (outputs, inputs), any dtype; trailing axes count as inputs
   * @param bias b (outputs), any dtype, or null for none; it is kept as F32
   * @param dtype how the weights are stored, F32 or BF16
   * @return the packed matrix; it keeps neither tensor
   * @throws IllegalArgumentException if the weight is a scalar or empty, bias and weight have
   *     different numbers of outputs, or weights are not stored so
   */
  public static PackedMatrix pack(Arena arena, Tensor weight, Tensor bias, DType dtype) {
    if (weight.shape().rank() == 0 || weight.shape().elements() == 0) {
      throw new IllegalArgumentException(
          "a weight of the shape " + weight.shape() + ", not (outputs, inputs)");
    }
    int outputs = weight.shape().dim(0);
    int inputs = Math.toIntExact(weight.shape().elements() / outputs);
    if (bias != null && bias.shape().elements() != outputs) {
      throw new IllegalArgumentException(
          "a bias of " + bias.shape() + " for the weight " + weight.shape());
    }
    MemorySegment panels = arena.allocate(panelBytes(outputs, inputs, dtype), Tensor.ALIGNMENT);
    Tensor rows = weight.reshape(Shape.of(outputs, inputs));
    for (int out = 0; out < outputs; out++) {
      store(rows.slice(out, 1).toFloats(), out, dtype, panels);
    }
    MemorySegment padded = arena.allocate(biasBytes(outputs), Tensor.ALIGNMENT);
    if (bias != null) {
      MemorySegment.copy(bias.toFloats(), 0, padded, FLOAT, 0, outputs);
    }
    return new PackedMatrix(panels, padded, dtype, inputs, outputs);
  }

  /** Writes the weights of one output: a column of its panel. */
  private static void store(float[] row, int out, DType dtype, MemorySegment panels) {
    int width = KernelProvider.kernels().blocking().tileColumns();
    long panel = out / width * panelRows(row.length, dtype) * width;
    for (int in = 0; in < row.length; in++) {
      if (dtype == DType.F32) {
        panels.set(FLOAT, (panel + (long) in * width + out % width) * 4, row[in]);
      } else {
        long pair = panel + (long) (in / 2) * width + out % width;
        panels.set(SHORT, pair * 4 + in % 2 * 2L, HalfFloat.bf16(row[in]));
      }
    }
  }

  /** Rows of four bytes a column. */
  private static long panelRows(int inputs, DType dtype) {
    return switch (dtype) {
      case F32 -> inputs;
      case BF16 -> (inputs + 1L) / 2;
      case F16 -> throw new IllegalArgumentException("packed weights are F32 or BF16, not F16");
    };
  }

  /**
   * Takes memory that holds a packed matrix already, as {@link #panels()} and {@link #bias()} of
   * the same kernels left it.
   *
   * @param panels the packed weights, {@link #panelBytes} long
   * @param bias the padded bias, {@link #biasBytes} long
   * @param outputs rows of W
   * @param inputs columns of W
   * @param dtype how the weights are stored
   * @return the matrix, on that memory
   * @throws IllegalArgumentException if the memory is of another size
   */
  public static PackedMatrix of(
      MemorySegment panels, MemorySegment bias, int outputs, int inputs, DType dtype) {
    if (panels.byteSize() != panelBytes(outputs, inputs, dtype)
        || bias.byteSize() != biasBytes(outputs)) {
      throw new IllegalArgumentException(
          "%d and %d bytes for a packed matrix of %d × %d, which takes %d and %d"
              .formatted(
                  panels.byteSize(),
                  bias.byteSize(),
                  outputs,
                  inputs,
                  panelBytes(outputs, inputs, dtype),
                  biasBytes(outputs)));
    }
    return new PackedMatrix(
        MappedMemory.asAllocated(panels), MappedMemory.asAllocated(bias), dtype, inputs, outputs);
  }

  /**
   * Returns the size of packed weights.
   *
   * @param outputs rows of W
   * @param inputs columns of W
   * @param dtype how the weights are stored, F32 or BF16
   * @return bytes
   * @throws ArithmeticException if they are more than a {@code long} counts
   */
  public static long panelBytes(int outputs, int inputs, DType dtype) {
    return Math.multiplyExact(biasBytes(outputs), panelRows(inputs, dtype));
  }

  /**
   * Returns the size of a bias, padded to whole panels.
   *
   * @param outputs rows of W
   * @return bytes
   */
  public static long biasBytes(int outputs) {
    Blocking blocking = KernelProvider.kernels().blocking();
    return 4L * blocking.panels(outputs) * blocking.tileColumns();
  }

  /**
   * Returns how the weights are stored.
   *
   * @return F32 or BF16
   */
  public DType dtype() {
    return dtype;
  }

  /**
   * Returns the inner dimension.
   *
   * @return columns of W
   */
  public int inputs() {
    return inputs;
  }

  /**
   * Returns the number of outputs.
   *
   * @return rows of W
   */
  public int outputs() {
    return outputs;
  }

  /**
   * Returns the memory the packed matrix holds.
   *
   * @return bytes, the bias and the padding included
   */
  public long bytes() {
    return panels.byteSize() + bias.byteSize();
  }

  /**
   * Returns the packed weights.
   *
   * @return panel after panel, each inputs × tileColumns floats, or half as many ints of two BF16
   */
  public MemorySegment panels() {
    return panels;
  }

  /**
   * Returns the bias.
   *
   * @return one float per output, zeros where there is none, padded to whole panels
   */
  public MemorySegment bias() {
    return bias;
  }
}
