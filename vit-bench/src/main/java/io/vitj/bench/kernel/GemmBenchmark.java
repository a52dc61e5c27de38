package io.vitj.bench.kernel;

import io.vitj.bench.OperationState;
import io.vitj.bench.Planned;
import io.vitj.bench.Work;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.Activation;
import io.vitj.tensor.kernel.PackedMatrix;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** A linear layer with packed weights and its epilogue. */
public class GemmBenchmark extends OperationState {
  /** What is fused into the product. */
  public enum Epilogue {
    /** y = x·Wᵀ + b. */
    BIAS,
    /** y = GELU(x·Wᵀ + b). */
    GELU,
    /** y += x·Wᵀ + b. */
    RESIDUAL
  }

  /** The matrices. */
  @Param public GemmShape shape;

  /** The tokens of one image and of eight. */
  @Param({"197", "1576"})
  public int rows;

  /** What is fused. */
  @Param("BIAS")
  public Epilogue epilogue;

  private Tensor x;
  private PackedMatrix w;
  private Tensor y;

  /** For JMH. */
  public GemmBenchmark() {}

  @Override
  protected Work prepareOperands() {
    x = Planned.allocate(arena(), Shape.of(rows, shape.inputs()));
    x.copyFrom(normal(1, rows, shape.inputs()));
    Tensor weight = weight(shape.outputs(), shape.inputs());
    w = PackedMatrix.pack(arena(), weight, normal(0.1, shape.outputs()));
    y = Planned.allocate(arena(), Shape.of(rows, shape.outputs()));
    return shape.work(rows);
  }

  @Override
  protected Tensor output() {
    return y;
  }

  /**
   * Multiplies.
   *
   * @return y
   */
  @Benchmark
  public Tensor linear() {
    switch (epilogue) {
      case BIAS -> ops().linear(x, w, y, Activation.NONE);
      case GELU -> ops().linear(x, w, y, Activation.GELU_ERF);
      case RESIDUAL -> ops().linearAdd(x, w, y);
    }
    return y;
  }
}
