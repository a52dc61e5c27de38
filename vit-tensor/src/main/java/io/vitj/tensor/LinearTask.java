package io.vitj.tensor;

import io.vitj.tensor.kernel.Activation;
import io.vitj.tensor.kernel.Blocking;
import io.vitj.tensor.kernel.KernelProvider;
import io.vitj.tensor.kernel.Kernels;
import io.vitj.tensor.kernel.PackedMatrix;
import io.vitj.tensor.kernel.PanelProduct;
import io.vitj.tensor.parallel.Crew;
import io.vitj.tensor.parallel.Partition;
import io.vitj.tensor.parallel.RangeTask;
import java.lang.foreign.MemorySegment;

/**
 * y = act(x·Wᵀ + b), or y += x·Wᵀ + b. A piece is one block of rows by one group of panels; inside,
 * the depth is cut into blocks so that the rows of x stay in cache while the panels go by.
 *
 * <p>The epilogue has no pass of its own over memory: the products accumulate in registers on top
 * of the bias, a residual is added tile by tile, and the activation follows on the rows and columns
 * of one panel, still in cache.
 */
final class LinearTask implements RangeTask {
  private final Kernels kernels = KernelProvider.kernels();
  private final Blocking blocking = kernels.blocking();
  private final PanelProduct[] products;

  private Tensor x;
  private PackedMatrix w;
  private Tensor y;
  private boolean residual;
  private Activation activation;
  private int rowBlocks;
  private int groups;

  LinearTask(PanelProduct[] products) {
    this.products = products;
  }

  void run(Crew crew, Tensor in, PackedMatrix weight, Tensor out, boolean add, Activation act) {
    x = in;
    w = weight;
    y = out;
    residual = add;
    activation = act;
    int rows = in.shape().rows();
    int panels = blocking.panels(weight.outputs());
    rowBlocks = (rows + blocking.blockRows() - 1) / blocking.blockRows();
    // Fewer panels than pieces wanted leave the rows to be cut.
    while (rowBlocks * panels < Partition.pieces(rows, crew.workers())) {
      rowBlocks++;
    }
    groups = Math.min(panels, Partition.pieces(panels, crew.workers()));
    crew.run(rowBlocks * groups, this);
  }

  @Override
  public void run(int index, int worker) {
    int rows = x.shape().rows();
    int firstRow = Partition.start(rows, rowBlocks, index / groups);
    int height = Partition.start(rows, rowBlocks, index / groups + 1) - firstRow;
    int panels = blocking.panels(w.outputs());
    int firstPanel = Partition.start(panels, groups, index % groups);
    int lastPanel = Partition.start(panels, groups, index % groups + 1);
    for (int depth = 0; depth < w.inputs(); depth += blocking.depth()) {
      for (int panel = firstPanel; panel < lastPanel; panel++) {
        panel(products[worker], firstRow, height, panel, depth);
      }
    }
  }

  /** One block of rows × one panel × one block of the depth. */
  private void panel(PanelProduct product, int row, int height, int panel, int from) {
    int width = blocking.tileColumns();
    int columns = Math.min(width, w.outputs() - panel * width);
    int depth = Math.min(blocking.depth(), w.inputs() - from);
    long ldx = w.inputs();
    long ldy = w.outputs();
    MemorySegment out = y.segment();
    long to = y.offset() + row * ldy + (long) panel * width;
    boolean first = from == 0;
    MemorySegment bias = first ? w.bias() : product.zeros();
    long biasOffset = first ? (long) panel * width : 0;
    boolean accumulate = residual || !first;
    long at = x.offset() + row * ldx + from;
    long b = ((long) panel * w.inputs() + from) * width;
    product.run(
        x.segment(),
        at,
        ldx,
        w.panels(),
        b,
        bias,
        biasOffset,
        accumulate,
        out,
        to,
        ldy,
        height,
        columns,
        depth);
    if (from + depth == w.inputs()) {
      kernels.activate(activation, out, to, ldy, height, columns);
    }
  }
}
