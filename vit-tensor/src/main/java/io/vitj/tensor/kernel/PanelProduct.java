package io.vitj.tensor.kernel;

import io.vitj.tensor.DType;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The product of some rows and one packed panel, tile by tile: C[rows × columns] = bias + A · B, or
 * C += bias + A · B. The rows are dealt to the fewest tiles evenly, so that no thin tile is left
 * over: 197 rows are 22 tiles of 8 and 3 of 7.
 *
 * <p>Where C is added to, or the columns are no whole vectors, a tile is computed in a scratch tile
 * and its valid columns added or copied. One object per thread.
 */
public final class PanelProduct {
  private final Kernels kernels = KernelProvider.kernels();
  private final Blocking blocking = kernels.blocking();
  private final MemorySegment zeros;
  private final MemorySegment scratch;

  /**
   * Allocates the scratch tile.
   *
   * @param arena its owner
   */
  public PanelProduct(Arena arena) {
    long row = blocking.tileColumns() * 4L;
    zeros = arena.allocate(row, Tensor.ALIGNMENT);
    scratch = arena.allocate(blocking.tileRows() * row, Tensor.ALIGNMENT);
  }

  /**
   * Returns the bias of a product without one.
   *
   * @return one row of zeros
   */
  public MemorySegment zeros() {
    return zeros;
  }

  /**
   * Returns whether {@link #run} takes a panel of BF16; otherwise its weights are widened first.
   *
   * @param rows any number of rows
   * @param columns 1 … tileColumns
   * @param depth the number of products
   * @return whether the kernels have such tiles, the rows can be dealt to tiles of full height or
   *     one less, and columns and depth are whole panels and pairs
   */
  public boolean takesBf16(int rows, int columns, int depth) {
    int most = kernels.bf16TileRows();
    // Every number from (m − 1)(m − 2) on is a sum of ms and (m − 1)s (Sylvester, 1882).
    return most > 0
        && rows >= (most - 1) * (most - 2)
        && columns == blocking.tileColumns()
        && depth % 2 == 0;
  }

  /**
   * Runs the product.
   *
   * @param a rows × depth
   * @param aOffset first element of A
   * @param lda leading dimension of A
   * @param type F32; or BF16, where {@link #takesBf16} holds
   * @param b one packed panel, of floats or of pairs of BF16
   * @param bOffset first float or pair of the panel
   * @param bias tileColumns elements
   * @param biasOffset first element of the bias
   * @param accumulate whether C is added to, or overwritten
   * @param c rows × columns
   * @param cOffset first element of C
   * @param ldc leading dimension of C
   * @param rows any number of rows
   * @param columns 1 … tileColumns, any number
   * @param depth the number of products
   */
  public void run(
      MemorySegment a,
      long aOffset,
      long lda,
      DType type,
      MemorySegment b,
      long bOffset,
      MemorySegment bias,
      long biasOffset,
      boolean accumulate,
      MemorySegment c,
      long cOffset,
      long ldc,
      int rows,
      int columns,
      int depth) {
    int lanes = blocking.lanes();
    int width = (columns + lanes - 1) / lanes * lanes;
    boolean direct = columns == width && !accumulate;
    MemorySegment out = direct ? c : scratch;
    long ldo = direct ? ldc : blocking.tileColumns();
    int most = type == DType.BF16 ? kernels.bf16TileRows() : blocking.tileRows();
    int tiles = (rows + most - 1) / most;
    int row = 0;
    for (int tile = 0; tile < tiles; tile++) {
      int height = (rows - row + tiles - tile - 1) / (tiles - tile);
      long at = aOffset + row * lda;
      long to = cOffset + row * ldc;
      long outOffset = direct ? to : 0;
      if (type == DType.BF16) {
        kernels.bf16Tile(
            a, at, lda, b, bOffset, bias, biasOffset, out, outOffset, ldo, height, depth / 2);
      } else {
        kernels.gemmTile(
            a, at, lda, b, bOffset, bias, biasOffset, out, outOffset, ldo, height, width, depth);
      }
      if (!direct) {
        deliver(accumulate, c, to, ldc, height, columns);
      }
      row += height;
    }
  }

  /** Brings the valid columns of the scratch tile into C. */
  private void deliver(
      boolean accumulate, MemorySegment c, long to, long ldc, int height, int columns) {
    long lds = blocking.tileColumns();
    if (accumulate) {
      kernels.addRows(scratch, 0, lds, c, to, ldc, height, columns);
      return;
    }
    for (int i = 0; i < height; i++) {
      kernels.fillRows(scratch, i * lds, c, to + i * ldc, ldc, 1, columns);
    }
  }
}
