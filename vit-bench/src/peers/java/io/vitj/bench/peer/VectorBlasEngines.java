package io.vitj.bench.peer;

import dev.ludovic.netlib.blas.JavaBLAS;
import java.io.IOException;

/** Opens netlib's BLAS on the Vector API, which has one thread. */
public final class VectorBlasEngines implements Engine.Factory {
  /** For the worker. */
  public VectorBlasEngines() {}

  @Override
  public Engine open(Job job) throws IOException {
    return new VectorBlas(job);
  }

  private static final class VectorBlas implements Engine {
    private final GemmOperands operands;
    private final JavaBLAS blas = JavaBLAS.getInstance();
    private final float[] y;

    VectorBlas(Job job) throws IOException {
      if (!blas.getClass().getSimpleName().equals("VectorBLAS")) {
        throw new IllegalStateException("netlib chose " + blas.getClass() + ", not VectorBLAS");
      }
      operands = new GemmOperands(job);
      y = new float[operands.rows * operands.outputs];
    }

    @Override
    public String name() {
      return "vectorblas";
    }

    @Override
    public String version() {
      return "VectorBLAS of netlib " + blas.getClass().getPackage().getImplementationVersion();
    }

    /** Columns are what it has for rows: yᵀ = W·xᵀ. */
    @Override
    public void run() {
      int rows = operands.rows;
      int inputs = operands.inputs;
      int outputs = operands.outputs;
      blas.sgemm(
          "T",
          "N",
          outputs,
          rows,
          inputs,
          1,
          operands.weight,
          inputs,
          operands.x,
          inputs,
          0,
          y,
          outputs);
    }

    @Override
    public float[] output() {
      return y.clone();
    }

    @Override
    public void close() {}
  }
}
