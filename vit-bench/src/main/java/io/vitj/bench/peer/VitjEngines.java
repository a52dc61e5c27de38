package io.vitj.bench.peer;

import io.vitj.bench.Planned;
import io.vitj.bench.ResultFiles;
import io.vitj.model.PackedParts;
import io.vitj.model.Session;
import io.vitj.model.VisionTransformer;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.checkpoint.family.ModelDirectory;
import io.vitj.tensor.DType;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.TensorOps;
import io.vitj.tensor.kernel.Activation;
import io.vitj.tensor.kernel.KernelProvider;
import io.vitj.tensor.kernel.PackedMatrix;
import io.vitj.tensor.parallel.Parallel;
import java.io.IOException;
import java.lang.foreign.Arena;

/** Opens this engine, in single precision. */
public final class VitjEngines implements Engine.Factory {
  /** For the worker. */
  public VitjEngines() {}

  @Override
  public Engine open(Job job) throws IOException {
    return open(job, EngineKind.VITJ, DType.F32);
  }

  /** Opens the engine with its weights stored as a type, under the name of a kind. */
  static Engine open(Job job, EngineKind kind, DType weights) throws IOException {
    return switch (job.kind()) {
      case MODEL -> new Model(job, kind, weights);
      case GEMM -> new Gemm(job, kind, weights);
    };
  }

  /** What both have. */
  private abstract static class Vitj implements Engine {
    final Arena arena = Arena.ofShared();
    final Parallel parallel;
    private final EngineKind kind;

    Vitj(Job job, EngineKind kind) {
      this.kind = kind;
      parallel = Parallel.owned(job.threads());
    }

    @Override
    public final String name() {
      return kind.id();
    }

    @Override
    public final String version() {
      return ResultFiles.commit() + ", " + KernelProvider.description();
    }

    @Override
    public void close() {
      parallel.close();
      arena.close();
    }
  }

  private static final class Model extends Vitj {
    private final Tensor pixels;
    private final Session session;

    Model(Job job, EngineKind kind, DType dtype) throws IOException {
      super(job, kind);
      VisionTransformer model;
      try (ModelDirectory directory = ModelDirectory.open(job.directory())) {
        model = VisionTransformer.of(directory.weights(), arena, PackedParts.made(dtype));
      }
      session = new Session(model, parallel, job.batch());
      pixels = Tensor.of(arena, session.input().shape(), FloatFile.read(job.input()));
    }

    @Override
    public void run() {
      session.input().copyFrom(pixels);
      session.run();
    }

    @Override
    public float[] output() {
      return session.logits().toFloats();
    }

    @Override
    public void close() {
      session.close();
      super.close();
    }
  }

  private static final class Gemm extends Vitj {
    private final TensorOps ops;
    private final Tensor x;
    private final PackedMatrix w;
    private final Tensor y;

    Gemm(Job job, EngineKind kind, DType dtype) throws IOException {
      super(job, kind);
      ops = new TensorOps(arena, parallel);
      try (CheckpointFile weights = CheckpointFile.open(job.weights())) {
        w = PackedMatrix.pack(arena, weights.read("weight", arena), null, dtype);
      }
      float[] input = FloatFile.read(job.input());
      int rows = input.length / w.inputs();
      x = Planned.allocate(arena, Shape.of(rows, w.inputs())).copyFrom(input);
      y = Planned.allocate(arena, Shape.of(rows, w.outputs()));
    }

    @Override
    public void run() {
      ops.begin();
      try {
        ops.linear(x, w, y, Activation.NONE);
      } finally {
        ops.end();
      }
    }

    @Override
    public float[] output() {
      return y.toFloats();
    }
  }
}
