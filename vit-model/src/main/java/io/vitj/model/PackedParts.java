package io.vitj.model;

import io.vitj.nn.Linear;
import io.vitj.tensor.DType;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The parts that a model keeps of its weights, by name: linear layers packed for the kernels, and
 * tensors. A model asks for each of its parts once, in the same order.
 */
public interface PackedParts {
  /** Makes every part of the weights. */
  PackedParts MADE = made(DType.F32);

  /**
   * Returns what makes every part of the weights.
   *
   * @param dtype how the matrices are stored, F32 or BF16: half the memory, and every weight
   *     rounded to 8 bits
   * @return the parts
   */
  static PackedParts made(DType dtype) {
    return new PackedParts() {
      @Override
      public Linear linear(String name, Shape shape, Function<DType, Linear> make) {
        return make.apply(dtype);
      }

      @Override
      public Tensor tensor(String name, Shape shape, Supplier<Tensor> make) {
        return make.get();
      }
    };
  }

  /**
   * Returns the parts of a model within another.
   *
   * @param prefix what their names begin with
   * @return parts whose names are given without it
   */
  default PackedParts under(String prefix) {
    PackedParts all = this;
    return new PackedParts() {
      @Override
      public Linear linear(String name, Shape shape, Function<DType, Linear> make) {
        return all.linear(prefix + name, shape, make);
      }

      @Override
      public Tensor tensor(String name, Shape shape, Supplier<Tensor> make) {
        return all.tensor(prefix + name, shape, make);
      }
    };
  }

  /**
   * Produces a linear layer.
   *
   * @param name its name, unique in the model
   * @param shape (outputs, inputs)
   * @param make makes it of the weights, stored as it is told
   * @return the layer, of that shape
   */
  Linear linear(String name, Shape shape, Function<DType, Linear> make);

  /**
   * Produces a tensor.
   *
   * @param name its name, unique in the model
   * @param shape its shape
   * @param make makes it of the weights, F32
   * @return the tensor, F32, of that shape
   */
  Tensor tensor(String name, Shape shape, Supplier<Tensor> make);
}
