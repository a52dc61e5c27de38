package io.vitj.bench.peer;

import io.vitj.bench.BenchmarkState;
import io.vitj.bench.Work;
import io.vitj.bench.kernel.GemmShape;
import io.vitj.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;

/**
 * The matrix products of ViT-B/16 with constant weights, by this engine and others. The stack is
 * for ONNX Runtime 1.29, which goes through the command line, with JMH's class path in it, by
 * recursion.
 */
@Fork(value = 3, jvmArgsAppend = "-Xss64m")
public class GemmPeerBenchmark extends BenchmarkState {
  /** Who multiplies. */
  public enum Multiplier {
    /** This engine. */
    VITJ,
    /** ONNX Runtime's MatMul with constant weights, by its Java binding. */
    ONNXRUNTIME,
    /** OpenBLAS. */
    OPENBLAS,
    /** netlib's BLAS on the Vector API. */
    VECTORBLAS;

    private Engine.Factory factory() {
      return switch (this) {
        case VITJ -> new VitjEngines();
        case ONNXRUNTIME -> new OnnxRuntimeEngines();
        case OPENBLAS -> new OpenBlasEngines();
        case VECTORBLAS -> new VectorBlasEngines();
      };
    }
  }

  /** Who multiplies. */
  @Param public Multiplier engine;

  /** The matrices. */
  @Param({"B16_QKV", "B16_PROJ", "B16_FC1", "B16_FC2"})
  public GemmShape shape;

  /** The images whose tokens are the rows: 197 each. */
  @Param({"1", "8"})
  public int batch;

  private Engine multiplier;
  private Tensor y;

  /** For JMH. */
  public GemmPeerBenchmark() {}

  @Override
  protected Work prepare() {
    GemmWorkload product = new GemmWorkload(shape);
    try {
      Path directory = Files.createTempDirectory("vitj-gemm");
      try {
        Job job = new Job(Job.Kind.GEMM, directory, threads, batch);
        product.writeWeights(directory);
        product.writeInput(job, List.of());
        multiplier = engine.factory().open(job);
        y = checked(job);
      } finally {
        ScratchDirectory.delete(directory);
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return shape.work(batch * shape.size().config().tokens());
  }

  private Tensor checked(Job job) throws Exception {
    float[] expected;
    try (Engine reference = new VitjEngines().open(job)) {
      reference.run();
      expected = reference.output();
    }
    multiplier.run();
    double difference = Contestant.difference(multiplier.output(), expected);
    if (!(difference <= EngineKind.VITJ.tolerance())) {
      throw new IllegalStateException(
          engine + " differs by " + difference + " of the largest value");
    }
    return zeros(expected.length);
  }

  @Override
  protected Tensor output() {
    return y.copyFrom(multiplier.output());
  }

  @Override
  protected void release() {
    multiplier.close();
  }

  /**
   * Multiplies.
   *
   * @throws Exception if the engine fails
   */
  @Benchmark
  public void multiply() throws Exception {
    multiplier.run();
  }
}
