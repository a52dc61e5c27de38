/** Tensors, memory, SIMD kernels and threads; depends on the JDK alone. */
module io.vitj.tensor {
  requires static jdk.incubator.vector;

  exports io.vitj.tensor;
  exports io.vitj.tensor.kernel;
  exports io.vitj.tensor.memory;
  exports io.vitj.tensor.parallel;
}
