package io.vitj.tensor.kernel;

import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
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
 * <p>The layout belongs to the kernels of this JVM: a file in it serves kernels with the same
 * {@link Blocking#tileColumns()}.
 */
public final class PackedMatrix {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment panels;
  private final MemorySegment bias;
  private final int inputs;
  private final int outputs;

  private PackedMatrix(MemorySegment panels, MemorySegment bias, int inputs, int outputs) {
    this.panels = panels;
    this.bias = bias;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /**
   * Packs a weight matrix.
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
    int width = KernelProvider.kernels().blocking().tileColumns();
    MemorySegment panels = arena.allocate(panelBytes(outputs, inputs), Tensor.ALIGNMENT);
    Tensor rows = weight.reshape(Shape.of(outputs, inputs));
    for (int out = 0; out < outputs; out++) {
      float[] row = rows.slice(out, 1).toFloats();
      long at = (long) (out / width) * width * inputs + out % width;
      for (int in = 0; in < inputs; in++) {
        panels.set(FLOAT, (at + (long) in * width) * 4, row[in]);
      }
    }
    MemorySegment padded = arena.allocate(biasBytes(outputs), Tensor.ALIGNMENT);
    if (bias != null) {
      MemorySegment.copy(bias.toFloats(), 0, padded, FLOAT, 0, outputs);
    }
    return new PackedMatrix(panels, padded, inputs, outputs);
  }

  /**
   * Takes memory that holds a packed matrix already, as {@link #panels()} and {@link #bias()} of
   * the same kernels left it.
   *
   * @param panels the packed weights, {@link #panelBytes} long
   * @param bias the padded bias, {@link #biasBytes} long
   * @param outputs rows of W
   * @param inputs columns of W
   * @return the matrix, on that memory
   * @throws IllegalArgumentException if the memory is of another size
   */
  public static PackedMatrix of(MemorySegment panels, MemorySegment bias, int outputs, int inputs) {
    if (panels.byteSize() != panelBytes(outputs, inputs) || bias.byteSize() != biasBytes(outputs)) {
      throw new IllegalArgumentException(
          "%d and %d bytes for a packed matrix of %d × %d, which takes %d and %d"
              .formatted(
                  panels.byteSize(),
                  bias.byteSize(),
                  outputs,
                  inputs,
                  panelBytes(outputs, inputs),
                  biasBytes(outputs)));
    }
    return new PackedMatrix(panels, bias, inputs, outputs);
  }

  /**
   * Returns the size of packed weights.
   *
   * @param outputs rows of W
   * @param inputs columns of W
   * @return bytes
   * @throws ArithmeticException if they are more than a {@code long} counts
   */
  public static long panelBytes(int outputs, int inputs) {
    return Math.multiplyExact(biasBytes(outputs), (long) inputs);
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
   * @return panel after panel, each inputs × tileColumns floats
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
