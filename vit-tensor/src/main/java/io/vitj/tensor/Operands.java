package io.vitj.tensor;

/**
 * What {@link TensorOps} asks of its operands. Each method throws an {@link
 * IllegalArgumentException} that names the operand, its shape and what it must have.
 */
final class Operands {
  private Operands() {}

  static void requireQkv(Tensor qkv, int heads) {
    requireF32(qkv);
    if (!(qkv.shape().rank() == 3 && qkv.shape().dim(2) % 3 == 0)) {
      throw wrong("qkv", qkv, "(B, T, 3D)");
    }
    requireHeads(qkv, "qkv", qkv.shape().dim(2) / 3, heads);
  }

  static void requireHeads(Tensor tensor, String name, int dim, int heads) {
    if (!(heads > 0 && dim % heads == 0)) {
      throw wrong(name, tensor, "a D that divides by " + heads + " heads");
    }
  }

  static void requirePositive(float scale) {
    if (!(scale > 0)) {
      throw new IllegalArgumentException("the scale must be more than 0, not " + scale);
    }
  }

  static void requireSame(Tensor x, Tensor y) {
    requireF32(x);
    requireF32(y);
    if (!x.shape().equals(y.shape())) {
      throw wrong("y", y, "the shape of x " + x.shape());
    }
  }

  static void requireVector(Tensor vector, String name, Tensor x) {
    requireDense(vector, name);
    if (!(vector.shape().elements() == x.shape().dim(-1))) {
      throw wrong(name, vector, "as many elements as a row of x " + x.shape());
    }
  }

  // One method a rank: the array of a varargs call is garbage in every inference.

  static void requireShape(Tensor tensor, String name, int a, int b) {
    Shape s = tensor.shape();
    if (!(s.rank() == 2 && s.dim(0) == a && s.dim(1) == b)) {
      throw wrong(name, tensor, Shape.of(a, b).toString());
    }
  }

  static void requireShape(Tensor tensor, String name, int a, int b, int c) {
    Shape s = tensor.shape();
    if (!(s.rank() == 3 && s.dim(0) == a && s.dim(1) == b && s.dim(2) == c)) {
      throw wrong(name, tensor, Shape.of(a, b, c).toString());
    }
  }

  static void requireShape(Tensor tensor, String name, int a, int b, int c, int d) {
    Shape s = tensor.shape();
    boolean same = s.rank() == 4 && s.dim(0) == a && s.dim(1) == b;
    if (!(same && s.dim(2) == c && s.dim(3) == d)) {
      throw wrong(name, tensor, Shape.of(a, b, c, d).toString());
    }
  }

  static void requireDense(Tensor tensor, String name) {
    requireF32(tensor);
    if (!tensor.isDense()) {
      throw wrong(name, tensor, "no gaps between its rows");
    }
  }

  static void requireF32(Tensor tensor) {
    if (tensor.dtype() != DType.F32) {
      throw new IllegalArgumentException("operations take F32 tensors, not " + tensor.dtype());
    }
    // Kernels count in floats from the start of the segment.
    if (tensor.byteOffset() % DType.F32.bytes() != 0) {
      throw new IllegalArgumentException(
          "operations take tensors at a multiple of 4 bytes, not at byte " + tensor.byteOffset());
    }
  }

  static IllegalArgumentException wrong(String name, Tensor tensor, String wanted) {
    return new IllegalArgumentException(
        name + " is " + tensor.shape() + ", but must have " + wanted);
  }
}
