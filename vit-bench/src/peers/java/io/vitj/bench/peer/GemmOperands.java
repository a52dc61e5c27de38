package io.vitj.bench.peer;

import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;

/** The operands of a product for a BLAS, row by row. */
final class GemmOperands {
  /** (rows, inputs). */
  final float[] x;

  /** (outputs, inputs). */
  final float[] weight;

  final int rows;
  final int inputs;
  final int outputs;

  GemmOperands(Job job) throws IOException {
    x = FloatFile.read(job.input());
    try (Arena arena = Arena.ofConfined();
        CheckpointFile weights = CheckpointFile.open(job.weights())) {
      Tensor tensor = weights.read("weight", arena);
      weight = tensor.toFloats();
      inputs = tensor.shape().dim(1);
      outputs = tensor.shape().dim(0);
    }
    rows = x.length / inputs;
  }
}
