package io.vitj.tensor.kernel;

import java.lang.foreign.MemorySegment;

/**
 * The operations every provider implements, on primitive arguments. {@link ScalarKernels} is the
 * specification; any other provider agrees with it within the error bound of each operation.
 *
 * <p>Every array is a segment, an offset and, where it has rows, a leading dimension: the distance
 * between the starts of two rows. Offsets, leading dimensions and counts are in floats. Values are
 * little-endian. Callers have validated all arguments: a kernel reads and writes exactly the named
 * elements and relies on nothing but the bounds of the segment. Where input and output may be the
 * same memory, the operation says so; they never overlap otherwise.
 */
public interface Kernels {
  /**
   * Returns the name of the provider.
   *
   * @return {@code scalar} or {@code vector}
   */
  String name();

  /**
   * Returns the width of a vector.
   *
   * @return bits; 32 for scalar kernels
   */
  int bits();

  /**
   * Returns the tile and block sizes of {@link #gemmTile}.
   *
   * @return the blocking
   */
  Blocking blocking();

  /**
   * Computes one register tile: C[i][j] = bias[j] + Σₚ A[i][p] · B[p][j]. The sum starts from the
   * bias and runs over p in ascending order with one rounding for each product and sum (FMA) where
   * the provider has it, so that an element does not depend on the shape of the tile it lies in.
   *
   * @param a rows × depth
   * @param aOffset first element of A
   * @param lda leading dimension of A
   * @param b one packed panel, depth × {@link Blocking#tileColumns()}
   * @param bOffset first element of the panel
   * @param bias one row of columns
   * @param biasOffset first element of the bias
   * @param c rows × columns, overwritten
   * @param cOffset first element of C
   * @param ldc leading dimension of C
   * @param rows 1 … {@link Blocking#tileRows()}
   * @param columns a multiple of {@link Blocking#lanes()}, up to {@link Blocking#tileColumns()}
   * @param depth the number of products
   */
  void gemmTile(
      MemorySegment a,
      long aOffset,
      long lda,
      MemorySegment b,
      long bOffset,
      MemorySegment bias,
      long biasOffset,
      MemorySegment c,
      long cOffset,
      long ldc,
      int rows,
      int columns,
      int depth);

  /**
   * Widens a packed panel of bfloat16: the lower half of x[i][j] becomes y[2i][j], the upper y[2i +
   * 1][j].
   *
   * @param x pairs × {@link Blocking#tileColumns()} ints, of two bfloat16 each
   * @param xOffset first int of x
   * @param y 2 · pairs × tileColumns floats
   * @param yOffset first element of y
   * @param pairs the rows of x
   */
  void widen(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int pairs);

  /**
   * Returns the height of the tiles of {@link #bf16Tile}.
   *
   * @return rows; 0 where these kernels have too few registers, and {@link #widen} comes first
   */
  int bf16TileRows();

  /**
   * Computes a register tile as {@link #gemmTile} does, with the same bits, from weights that are
   * widened as they are read: C = bias + A · B.
   *
   * @param a rows × 2·pairs
   * @param aOffset first element of A
   * @param lda leading dimension of A
   * @param b pairs × tileColumns ints, as x of {@link #widen}
   * @param bOffset first int of B
   * @param bias tileColumns elements
   * @param biasOffset first element of the bias
   * @param c rows × tileColumns
   * @param cOffset first element of C
   * @param ldc leading dimension of C
   * @param rows {@link #bf16TileRows()}, or one less
   * @param pairs half the number of products
   */
  void bf16Tile(
      MemorySegment a,
      long aOffset,
      long lda,
      MemorySegment b,
      long bOffset,
      MemorySegment bias,
      long biasOffset,
      MemorySegment c,
      long cOffset,
      long ldc,
      int rows,
      int pairs);

  /**
   * Copies one vector into every row: y[i][j] = v[j].
   *
   * @param v n elements
   * @param vOffset first element of v
   * @param y rows × n
   * @param yOffset first element of y
   * @param ldy leading dimension of y
   * @param rows the number of rows
   * @param n the number of columns
   */
  void fillRows(
      MemorySegment v, long vOffset, MemorySegment y, long yOffset, long ldy, int rows, int n);

  /**
   * Applies an activation function in place.
   *
   * @param activation the function; {@link Activation#NONE} does nothing
   * @param x rows × n, overwritten
   * @param xOffset first element of x
   * @param ldx leading dimension of x
   * @param rows the number of rows
   * @param n the number of columns
   */
  void activate(Activation activation, MemorySegment x, long xOffset, long ldx, int rows, int n);

  /**
   * Normalises one row (Ba, Kiros and Hinton, 2016): y = (x − μ) / √(σ² + ε) · γ + β, with the mean
   * μ and the biased variance σ² = Σ(x − μ)²/n of the row, in two passes. Σ(x − μ)² must not
   * overflow a float; a row with a NaN or an infinity becomes all NaN.
   *
   * @param x n elements
   * @param xOffset first element of x
   * @param gamma n elements
   * @param gammaOffset first element of γ
   * @param beta n elements
   * @param betaOffset first element of β
   * @param epsilon ε
   * @param y n elements; may be x
   * @param yOffset first element of y
   * @param n the length of the row
   */
  void layerNorm(
      MemorySegment x,
      long xOffset,
      MemorySegment gamma,
      long gammaOffset,
      MemorySegment beta,
      long betaOffset,
      float epsilon,
      MemorySegment y,
      long yOffset,
      int n);

  /**
   * Takes the softmax of one scaled row in place: x[i] = exp(s·(x[i] − max x)) / Σⱼ exp(s·(x[j] −
   * max x)). A row with a NaN becomes all NaN; so does a row whose maximum is infinite.
   *
   * @param x n elements, overwritten
   * @param xOffset first element of x
   * @param scale s &gt; 0
   * @param n the length of the row, at least 1
   */
  void softmax(MemorySegment x, long xOffset, float scale, int n);

  /**
   * Takes the softmax of every scaled column in place: x[i][j] = exp(s·(x[i][j] − mⱼ)) / Σᵢ
   * exp(s·(x[i][j] − mⱼ)), with mⱼ the maximum of column j. A column with a NaN becomes all NaN; so
   * does a column whose maximum is infinite.
   *
   * @param x rows × columns, overwritten
   * @param xOffset first element of x
   * @param ldx leading dimension of x
   * @param scale s &gt; 0
   * @param rows the number of rows, at least 1
   * @param columns a multiple of {@link Blocking#lanes()}
   */
  void softmaxColumns(MemorySegment x, long xOffset, long ldx, float scale, int rows, int columns);

  /**
   * Transposes: y[j][i] = x[i][j].
   *
   * @param x rows × columns
   * @param xOffset first element of x
   * @param ldx leading dimension of x
   * @param y columns × rows
   * @param yOffset first element of y
   * @param ldy leading dimension of y
   * @param rows the number of rows of x
   * @param columns the number of columns of x
   */
  void transpose(
      MemorySegment x,
      long xOffset,
      long ldx,
      MemorySegment y,
      long yOffset,
      long ldy,
      int rows,
      int columns);

  /**
   * Adds: y[i] += x[i].
   *
   * @param x n elements
   * @param xOffset first element of x
   * @param y n elements
   * @param yOffset first element of y
   * @param n the number of elements
   */
  default void add(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int n) {
    addRows(x, xOffset, n, y, yOffset, n, 1, n);
  }

  /**
   * Adds matrices: y[i][j] += x[i][j].
   *
   * @param x rows × n
   * @param xOffset first element of x
   * @param ldx leading dimension of x
   * @param y rows × n
   * @param yOffset first element of y
   * @param ldy leading dimension of y
   * @param rows the number of rows
   * @param n the number of columns
   */
  void addRows(
      MemorySegment x,
      long xOffset,
      long ldx,
      MemorySegment y,
      long yOffset,
      long ldy,
      int rows,
      int n);

  /**
   * Multiplies by a number: y[i] = factor · x[i].
   *
   * @param x n elements
   * @param xOffset first element of x
   * @param factor the number
   * @param y n elements; may be x
   * @param yOffset first element of y
   * @param n the number of elements
   */
  void scale(MemorySegment x, long xOffset, float factor, MemorySegment y, long yOffset, int n);

  /**
   * Gates element by element (Shazeer, 2020, SwiGLU): y[i] = g[i] · σ(g[i]) · x[i].
   *
   * @param g n elements
   * @param gOffset first element of g
   * @param x n elements
   * @param xOffset first element of x
   * @param y n elements
   * @param yOffset first element of y
   * @param n the number of elements
   */
  void swiGlu(
      MemorySegment g,
      long gOffset,
      MemorySegment x,
      long xOffset,
      MemorySegment y,
      long yOffset,
      int n);

  /**
   * Rotates consecutive vectors of 2m elements in place, each in m planes by the same angles (Su et
   * al., 2021): (x[i], x[i+m]) ← (x[i]·cos θᵢ − x[i+m]·sin θᵢ, x[i+m]·cos θᵢ + x[i]·sin θᵢ) for i
   * &lt; m.
   *
   * @param x vectors · 2m elements, overwritten
   * @param xOffset first element of x
   * @param angles m cosines, then m sines
   * @param anglesOffset first cosine
   * @param vectors the number of vectors
   * @param m the number of planes
   */
  void rotate(
      MemorySegment x, long xOffset, MemorySegment angles, long anglesOffset, int vectors, int m);
}
