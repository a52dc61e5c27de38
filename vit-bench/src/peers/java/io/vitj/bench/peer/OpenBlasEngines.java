package io.vitj.bench.peer;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/** Opens OpenBLAS. */
public final class OpenBlasEngines implements Engine.Factory {
  /** For the worker. */
  public OpenBlasEngines() {}

  @Override
  public Engine open(Job job) throws IOException {
    return new OpenBlas(job);
  }

  private static final class OpenBlas implements Engine {
    private final GemmOperands operands;
    private final FloatBuffer x;
    private final FloatBuffer weight;
    private final FloatBuffer y;
    private final String version;

    OpenBlas(Job job) throws IOException {
      operands = new GemmOperands(job);
      x = Buffers.of(operands.x);
      weight = Buffers.of(operands.weight);
      y = Buffers.allocate(operands.rows * operands.outputs);
      Loader.load(openblas_nolapack.class);
      openblas_nolapack.blas_set_num_threads(job.threads());
      version = "OpenBLAS " + Loader.getVersion("org.bytedeco", "openblas") + ", " + core();
    }

    /** The kernels that it chose for this processor. */
    @SuppressWarnings("restricted") // the functions are those of a C library
    private static String core() {
      MemorySegment function = SymbolLookup.loaderLookup().findOrThrow("openblas_get_corename");
      try {
        MemorySegment name =
            (MemorySegment)
                Linker.nativeLinker()
                    .downcallHandle(function, FunctionDescriptor.of(ValueLayout.ADDRESS))
                    .invokeExact();
        return name.reinterpret(Byte.MAX_VALUE).getString(0);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public String name() {
      return "openblas";
    }

    @Override
    public String version() {
      return version;
    }

    @Override
    public void run() {
      int inputs = operands.inputs;
      int outputs = operands.outputs;
      cblas_sgemm(
          CblasRowMajor,
          CblasNoTrans,
          CblasTrans,
          operands.rows,
          outputs,
          inputs,
          1,
          x,
          inputs,
          weight,
          inputs,
          0,
          y,
          outputs);
    }

    @Override
    public float[] output() {
      return Buffers.floats(y);
    }

    @Override
    public void close() {}
  }
}
