package io.vitj.tensor.kernel;

/**
 * The block sizes of the matrix product, after Goto and van de Geijn, "Anatomy of High-Performance
 * Matrix Multiplication" (ACM TOMS 34(3), 2008): C is computed in register tiles of {@code
 * tileRows} × {@code tileColumns}, each over at most {@code depth} products at a time.
 *
 * <p>Derivation. A tile of r rows × v vectors keeps r·v accumulators, v vectors of B and one
 * broadcast element of A in registers, so r·v + v + 1 must not exceed the register file (32 with
 * AVX-512 and NEON, 16 with AVX2), and r·v must cover FMA latency × FMA units = 4 × 2. Per step of
 * k it loads v vectors and r scalars for r·v FMAs. With 32 registers 8×3 has 24 accumulators and 28
 * registers; on Zen 5 it was faster than 6×4 at the shapes of ViT-B, since it reads B less often,
 * and on balance than 12×2, which has more loads per FMA. With 16 registers 6×2 leaves one spare.
 *
 * <p>The panel of B, depth × tileColumns × 4 bytes, is read once for every tile row, and the block
 * of A, blockRows × depth × 4 bytes, once for every panel: both together should stay within a
 * private L2 of 1 MiB. Depth 768 and 200 rows take 147 KiB + 600 KiB and cover the inner dimension
 * of ViT-B in one pass, so that C is read and written once.
 *
 * @param tileRows rows of a register tile, mr
 * @param tileColumns columns of a register tile and of a packed panel, nr
 * @param lanes floats of a vector; tileColumns is a multiple of it
 * @param depth the most products accumulated in registers before C is written, kc
 * @param blockRows the most rows of A taken together, mc
 */
public record Blocking(int tileRows, int tileColumns, int lanes, int depth, int blockRows) {
  private static final int DEPTH = 768;
  private static final int BLOCK_ROWS = 200;

  /**
   * Makes the blocking of a tile shape.
   *
   * @param tileRows rows of a register tile
   * @param tileVectors vectors of a row of the tile
   * @param lanes floats of a vector
   * @return the blocking, with the depth and rows derived above
   */
  public static Blocking of(int tileRows, int tileVectors, int lanes) {
    return new Blocking(tileRows, tileVectors * lanes, lanes, DEPTH, BLOCK_ROWS);
  }

  /**
   * Returns the number of packed panels.
   *
   * @param columns columns of B
   * @return columns / tileColumns, rounded up
   */
  public int panels(int columns) {
    return Math.ceilDiv(columns, tileColumns);
  }
}
