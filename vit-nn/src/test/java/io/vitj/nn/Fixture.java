package io.vitj.nn;

import io.vitj.nn.ExecutionContext.Extents;
import io.vitj.nn.Reference.Matrix;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.TensorOps;
import io.vitj.tensor.memory.WorkspacePlan;
import io.vitj.tensor.parallel.Parallel;
import java.lang.foreign.Arena;
import java.util.Random;

/** A context with native memory, and seeded values. */
final class Fixture implements AutoCloseable {
  static final Extents SMALL = new Extents(2, 3, 20, 1, 7);

  final Arena arena = Arena.ofShared();
  final Random random;
  final ExecutionContext context;
  private final Parallel parallel = Parallel.owned(2);

  Fixture(Extents extents, boolean attention) {
    random = new Random(extents.hashCode());
    WorkspacePlan plan = new WorkspacePlan();
    ExecutionContext.plan(plan, extents, attention);
    TensorOps ops = new TensorOps(arena, parallel);
    context = new ExecutionContext(ops, plan.allocate(arena), extents, attention);
  }

  Fixture(Extents extents) {
    this(extents, false);
  }

  float[] normal(int count, double factor) {
    return Reference.normal(random, count, factor);
  }

  /** A weight matrix whose products keep the magnitude of their input. */
  float[] weight(int out, int in) {
    return normal(out * in, 1 / Math.sqrt(in));
  }

  Tensor tensor(float[] values, int... dims) {
    return Tensor.of(arena, Shape.of(dims), values);
  }

  Tensor zeros(int... dims) {
    return Tensor.allocate(arena, Shape.of(dims));
  }

  Linear linear(float[] weight, float[] bias) {
    Tensor b = tensor(bias, bias.length);
    return new Linear(arena, tensor(weight, bias.length, weight.length / bias.length), b);
  }

  LayerNorm norm(float[] gamma, float[] beta, float epsilon) {
    return new LayerNorm(tensor(gamma, gamma.length), tensor(beta, beta.length), epsilon);
  }

  /** Runs a layer between the brackets of one inference. */
  void run(Runnable layer) {
    context.ops().begin();
    try {
      layer.run();
    } finally {
      context.ops().end();
    }
  }

  static void assertClose(Tensor actual, Matrix expected) {
    Reference.assertClose(actual.toFloats(), expected);
  }

  @Override
  public void close() {
    parallel.close();
    arena.close();
  }
}
