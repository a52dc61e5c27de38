package io.vitj.tensor;

import io.vitj.tensor.kernel.KernelProvider;
import io.vitj.tensor.kernel.Kernels;
import io.vitj.tensor.parallel.Crew;
import io.vitj.tensor.parallel.Partition;
import io.vitj.tensor.parallel.RangeTask;

/** Rotates the queries and keys of tokens by their positions; a piece is a range of tokens. */
final class RotateTask implements RangeTask {
  private final Kernels kernels = KernelProvider.kernels();

  private Tensor qkv;
  private Tensor angles;
  private int heads;
  private int pieces;

  void run(Crew crew, Tensor joint, int headCount, Tensor table) {
    qkv = joint;
    heads = headCount;
    angles = table;
    pieces = Partition.pieces(joint.shape().rows(), crew.workers());
    crew.run(pieces, this);
  }

  @Override
  public void run(int index, int worker) {
    int tokens = qkv.shape().dim(1);
    int width = angles.shape().dim(1);
    int prefix = tokens - angles.shape().dim(0);
    int last = Partition.start(qkv.shape().rows(), pieces, index + 1);
    for (int t = Partition.start(qkv.shape().rows(), pieces, index); t < last; t++) {
      int patch = t % tokens - prefix;
      if (patch >= 0) {
        long at = qkv.offset() + (long) t * qkv.rowStride();
        long angle = angles.offset() + (long) patch * width;
        kernels.rotate(qkv.segment(), at, angles.segment(), angle, 2 * heads, width / 2);
      }
    }
  }
}
