package io.vitj.tensor;

import io.vitj.tensor.kernel.Activation;
import io.vitj.tensor.kernel.KernelProvider;
import io.vitj.tensor.kernel.Kernels;
import io.vitj.tensor.parallel.Crew;
import io.vitj.tensor.parallel.Partition;
import io.vitj.tensor.parallel.RangeTask;

/** Operations on the rows of a tensor, each row by itself; a piece is a range of rows. */
final class RowsTask implements RangeTask {
  private enum Operation {
    LAYER_NORM,
    SOFTMAX,
    ACTIVATE,
    ADD,
    ADD_ROW,
    SCALE,
    SWI_GLU
  }

  private final Kernels kernels = KernelProvider.kernels();

  private Operation operation;
  private Tensor x;
  private Tensor gamma;
  private Tensor beta;
  private float number;
  private Activation activation;
  private Tensor y;
  private int pieces;

  void layerNorm(Crew crew, Tensor in, Tensor scale, Tensor shift, float epsilon, Tensor out) {
    gamma = scale;
    beta = shift;
    number = epsilon;
    run(crew, Operation.LAYER_NORM, in, out);
  }

  void softmax(Crew crew, Tensor inOut) {
    run(crew, Operation.SOFTMAX, inOut, inOut);
  }

  void activate(Crew crew, Activation function, Tensor inOut) {
    activation = function;
    run(crew, Operation.ACTIVATE, inOut, inOut);
  }

  void add(Crew crew, Tensor in, Tensor inOut) {
    run(crew, Operation.ADD, in, inOut);
  }

  void addRow(Crew crew, Tensor row, Tensor inOut) {
    beta = row;
    run(crew, Operation.ADD_ROW, inOut, inOut);
  }

  void scale(Crew crew, Tensor in, float factor, Tensor out) {
    number = factor;
    run(crew, Operation.SCALE, in, out);
  }

  void swiGlu(Crew crew, Tensor gated, Tensor out) {
    run(crew, Operation.SWI_GLU, gated, out);
  }

  private void run(Crew crew, Operation what, Tensor in, Tensor out) {
    operation = what;
    x = in;
    y = out;
    pieces = Partition.pieces(out.shape().rows(), crew.workers());
    crew.run(pieces, this);
  }

  @Override
  public void run(int index, int worker) {
    int rows = y.shape().rows();
    int n = y.shape().rank() == 0 ? 1 : y.shape().dim(-1);
    int last = Partition.start(rows, pieces, index + 1);
    for (int row = Partition.start(rows, pieces, index); row < last; row++) {
      row(x.offset() + (long) row * x.rowStride(), y.offset() + (long) row * y.rowStride(), n);
    }
  }

  private void row(long from, long to, int n) {
    switch (operation) {
      case LAYER_NORM ->
          kernels.layerNorm(
              x.segment(),
              from,
              gamma.segment(),
              gamma.offset(),
              beta.segment(),
              beta.offset(),
              number,
              y.segment(),
              to,
              n);
      case SOFTMAX -> kernels.softmax(y.segment(), to, 1, n);
      case ACTIVATE -> kernels.activate(activation, y.segment(), to, n, 1, n);
      case ADD -> kernels.add(x.segment(), from, y.segment(), to, n);
      case ADD_ROW -> kernels.add(beta.segment(), beta.offset(), y.segment(), to, n);
      case SCALE -> kernels.scale(x.segment(), from, number, y.segment(), to, n);
      case SWI_GLU -> kernels.swiGlu(x.segment(), from, x.segment(), from + n, y.segment(), to, n);
    }
  }
}
