package io.vitj.bench.peer;

import io.vitj.bench.kernel.GemmShape;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.checkpoint.SafetensorsWriter;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collection;

/**
 * A matrix product of an encoder block with constant weights. A batch has the tokens of so many
 * images.
 *
 * @param shape the matrices
 */
record GemmWorkload(GemmShape shape) implements Workload {
  @Override
  public String label() {
    return shape.label();
  }

  @Override
  public Job.Kind kind() {
    return Job.Kind.GEMM;
  }

  @Override
  public int pixels() {
    return shape.size().config().imageHeight();
  }

  private int rows(int batch) {
    return batch * shape.size().config().tokens();
  }

  @Override
  public long flops(int batch) {
    return shape.work(rows(batch)).flops();
  }

  @Override
  public long bytes(int batch) {
    return shape.work(rows(batch)).bytes();
  }

  @Override
  public void writeWeights(Path directory) {
    int inputs = shape.inputs();
    float[] values = Workload.normal(shape.outputs() * inputs, 1 / Math.sqrt(inputs));
    try (Arena arena = Arena.ofConfined()) {
      Tensor weight = Tensor.of(arena, Shape.of(shape.outputs(), inputs), values);
      new SafetensorsWriter().add("weight", weight).write(directory.resolve("model.safetensors"));
    }
  }

  @Override
  public void writeInput(Job job, Collection<EngineKind> engines) throws IOException {
    int rows = rows(job.batch());
    FloatFile.write(job.input(), Workload.normal(rows * shape.inputs(), 1));
    try (Arena arena = Arena.ofConfined();
        CheckpointFile weights = CheckpointFile.open(job.weights())) {
      MatMulGraph.write(job.graph(), weights.read("weight", arena), rows);
    }
  }
}
