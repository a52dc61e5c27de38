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
 * <p>A tile reads its rows of A and its panel of B once from end to end, so neither has to stay in
 * the first-level cache. The panel of B, depth × tileColumns × 4 bytes, is read once for every tile
 * row and should stay in the private second level; the rows of A, read once for every panel, in the
 * third. Every further block of the depth reads and writes C again and pays a tile's fixed costs
 * again, so there should be few, of equal length. Measured on Zen 5 with 1 MiB of second-level
 * cache: depth 2048, a panel of 384 KiB, takes the 1024 inputs of ViT-L in one block, 9 % faster
 * than as 768 + 256, and the 3072 of ViT-B's fc2 in two, 4 % faster than in four; one block of 3072
 * gains no more and loses with two threads. Rows beyond some 400 gained nothing either.
 *
 * @param tileRows rows of a register tile, mr
 * @param tileColumns columns of a register tile and of a packed panel, nr
 * @param lanes floats of a vector; tileColumns is a multiple of it
 * @param depth the most products accumulated in registers before C is written, kc; even
 * @param blockRows the most rows of A taken together, mc
 */
public record Blocking(int tileRows, int tileColumns, int lanes, int depth, int blockRows) {
  private static final int DEPTH = 2048;
  private static final int BLOCK_ROWS = 400;

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
   * Returns the length of the blocks that a depth is cut into: equal, but for the last.
   *
   * @param inputs the whole depth
   * @return at most {@link #depth()}; even where there is more than one block
   */
  public int depth(int inputs) {
    int blocks = Math.max(1, Math.ceilDiv(inputs, depth));
    return blocks == 1 ? inputs : Math.ceilDiv(inputs, 2 * blocks) * 2;
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
