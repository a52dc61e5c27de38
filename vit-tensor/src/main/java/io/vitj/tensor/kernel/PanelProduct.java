package io.vitj.tensor.kernel;

import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Adds the product of some rows and one packed panel to C, tile by tile: C[rows × columns] += A ·
 * B. The rows are dealt to the fewest tiles evenly, so that no thin tile is left over: 197 rows are
 * 22 tiles of 8 and 3 of 7.
 *
 * <p>Where the columns are no whole vectors, a tile is computed in a scratch tile of full width and
 * the valid columns copied, so that nothing outside C is touched. One object per thread.
 */
public final class PanelProduct {
  private final Kernels kernels = KernelProvider.kernels();
  private final Blocking blocking = kernels.blocking();
  private final MemorySegment scratch;

  /**
   * Allocates the scratch tile.
   *
   * @param arena its owner
   */
  public PanelProduct(Arena arena) {
    long floats = (long) blocking.tileRows() * blocking.tileColumns();
    scratch = arena.allocate(floats * 4, Tensor.ALIGNMENT);
  }

  /**
   * Runs the product. Arguments as in {@link Kernels#gemmTile}, but for
   *
   * @param a rows × depth
   * @param aOffset first element of A
   * @param lda leading dimension of A
   * @param b one packed panel
   * @param bOffset first element of the panel
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
      MemorySegment b,
      long bOffset,
      MemorySegment c,
      long cOffset,
      long ldc,
      int rows,
      int columns,
      int depth) {
    boolean whole = columns % blocking.lanes() == 0;
    int tiles = (rows + blocking.tileRows() - 1) / blocking.tileRows();
    int row = 0;
    for (int tile = 0; tile < tiles; tile++) {
      int height = (rows - row + tiles - tile - 1) / (tiles - tile);
      long at = aOffset + row * lda;
      long to = cOffset + row * ldc;
      if (whole) {
        kernels.gemmTile(a, at, lda, b, bOffset, c, to, ldc, height, columns, depth);
      } else {
        ragged(a, at, lda, b, bOffset, c, to, ldc, height, columns, depth);
      }
      row += height;
    }
  }

  private void ragged(
      MemorySegment a,
      long aOffset,
      long lda,
      MemorySegment b,
      long bOffset,
      MemorySegment c,
      long cOffset,
      long ldc,
      int rows,
      int columns,
      int depth) {
    int lanes = blocking.lanes();
    int width = (columns + lanes - 1) / lanes * lanes;
    long lds = blocking.tileColumns();
    for (int i = 0; i < rows; i++) {
      kernels.fillRows(c, cOffset + i * ldc, scratch, i * lds, lds, 1, columns);
    }
    kernels.gemmTile(a, aOffset, lda, b, bOffset, scratch, 0, lds, rows, width, depth);
    for (int i = 0; i < rows; i++) {
      kernels.fillRows(scratch, i * lds, c, cOffset + i * ldc, ldc, 1, columns);
    }
  }
}
