package io.vitj.tensor;

import io.vitj.tensor.kernel.Activation;
import io.vitj.tensor.kernel.Blocking;
import io.vitj.tensor.kernel.KernelProvider;
import io.vitj.tensor.kernel.KernelWarmup;
import io.vitj.tensor.kernel.Kernels;
import io.vitj.tensor.kernel.PackedMatrix;
import io.vitj.tensor.kernel.PanelProduct;
import io.vitj.tensor.parallel.Crew;
import io.vitj.tensor.parallel.Partition;
import io.vitj.tensor.parallel.RangeTask;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * y = act(x·Wᵀ + b), or y += x·Wᵀ + b. A piece is one block of rows by one group of panels; inside,
 * the depth is cut into blocks so that a block of a panel stays in cache while the rows go by.
 *
 * <p>The epilogue has no pass of its own over memory: the products accumulate in registers on top
 * of the bias, a residual is added tile by tile, and the activation follows on the rows and columns
 * of one panel, still in cache. Weights stored as BF16 are widened in registers; where rows,
 * columns or depth do not fill such tiles, block by block of a panel into memory that the tiles
 * find in cache.
 */
final class LinearTask implements RangeTask {
  private final Kernels kernels = KernelProvider.kernels();
  private final Blocking blocking = kernels.blocking();
  private final Arena arena;
  private final PanelProduct[] products;
  private MemorySegment widened = MemorySegment.NULL; // a block of a panel for each worker

  private Tensor x;
  private PackedMatrix w;
  private Tensor y;
  private boolean residual;
  private Activation activation;
  private int rowBlocks;
  private int groups;

  LinearTask(Arena arena, PanelProduct[] products) {
    this.arena = arena;
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
    if (weight.dtype() == DType.BF16 && widened.byteSize() == 0) {
      KernelWarmup.bf16Once();
      widened = arena.allocate(4L * crew.workers() * widenedBlock(), Tensor.ALIGNMENT);
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
    int depth = blocking.depth(w.inputs());
    for (int from = 0; from < w.inputs(); from += depth) {
      for (int panel = firstPanel; panel < lastPanel; panel++) {
        panel(worker, firstRow, height, panel, from);
      }
    }
  }

  /** Floats; the depth of a block is even, or the last of all is padded to be. */
  private long widenedBlock() {
    return (blocking.depth() + 1L) * blocking.tileColumns();
  }

  /** One block of rows × one panel × one block of the depth. */
  private void panel(int worker, int row, int height, int panel, int from) {
    PanelProduct product = products[worker];
    int width = blocking.tileColumns();
    int columns = Math.min(width, w.outputs() - panel * width);
    int depth = Math.min(blocking.depth(w.inputs()), w.inputs() - from);
    long ldx = x.rowStride();
    long ldy = y.rowStride();
    MemorySegment out = y.segment();
    long to = y.offset() + row * ldy + (long) panel * width;
    boolean first = from == 0;
    MemorySegment bias = first ? w.bias() : product.zeros();
    long biasOffset = first ? (long) panel * width : 0;
    boolean accumulate = residual || !first;
    long at = x.offset() + row * ldx + from;
    MemorySegment in = x.segment();
    MemorySegment b = w.panels();
    long block = ((long) panel * w.inputs() + from) * width;
    DType type = w.dtype();
    if (type == DType.BF16) {
      block = ((w.inputs() + 1L) / 2 * panel + from / 2) * width;
      if (!product.takesBf16(height, columns, depth)) {
        kernels.widen(b, block, widened, worker * widenedBlock(), (depth + 1) / 2);
        type = DType.F32;
        b = widened;
        block = worker * widenedBlock();
      }
    }
    product.run(
        in,
        at,
        ldx,
        type,
        b,
        block,
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
