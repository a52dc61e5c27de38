package io.vitj.tensor.kernel;

import java.lang.foreign.MemorySegment;

/**
 * {@link Kernels} on the Vector API, of the width of {@link Lanes}: turns floats into bytes and
 * hands over to one class per family of operations.
 */
final class VectorKernels implements Kernels {
  /** AVX2 has 16 vector registers; AVX-512 and NEON have 32. */
  private static final boolean SIXTEEN_REGISTERS = Lanes.SPECIES.vectorBitSize() == 256;

  static final Blocking BLOCKING =
      SIXTEEN_REGISTERS ? Blocking.of(6, 2, Lanes.COUNT) : Blocking.of(8, 3, Lanes.COUNT);
  private static final int PANEL = BLOCKING.tileColumns();
  private static final long LDB = PANEL * 4L;

  /** For rows shorter than a vector. */
  private static final Kernels SHORT_ROWS = new ScalarKernels();

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public int bits() {
    return Lanes.SPECIES.vectorBitSize();
  }

  @Override
  public Blocking blocking() {
    return BLOCKING;
  }

  @Override
  public void gemmTile(
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
      int depth) {
    assert rows > 0 && rows <= BLOCKING.tileRows() : rows;
    assert columns > 0 && columns <= PANEL && columns % Lanes.COUNT == 0 : columns;
    long ao = aOffset * 4;
    long bo = bOffset * 4;
    long wo = biasOffset * 4;
    long co = cOffset * 4;
    if (columns < PANEL) {
      for (long j = 0; j < columns * 4L; j += Lanes.BYTES) {
        GemmTile8x1.run(
            a, ao, lda * 4, b, bo + j, LDB, bias, wo + j, c, co + j, ldc * 4, rows, depth);
      }
    } else if (SIXTEEN_REGISTERS) {
      GemmTile6x2.run(a, ao, lda * 4, b, bo, bias, wo, c, co, ldc * 4, rows, depth);
    } else {
      GemmTile8x3.run(a, ao, lda * 4, b, bo, bias, wo, c, co, ldc * 4, rows, depth);
    }
  }

  @Override
  public void widen(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int pairs) {
    ElementwiseKernels.widen(x, xOffset * 4, y, yOffset * 4, pairs);
  }

  @Override
  public int bf16TileRows() {
    return SIXTEEN_REGISTERS ? 0 : Bf16Tile6x3.ROWS;
  }

  @Override
  public void bf16Tile(
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
      int pairs) {
    long ao = aOffset * 4;
    long bo = bOffset * 4;
    long wo = biasOffset * 4;
    long co = cOffset * 4;
    Bf16Tile6x3.run(a, ao, lda * 4, b, bo, bias, wo, c, co, ldc * 4, rows, pairs);
  }

  @Override
  public void fillRows(
      MemorySegment v, long vOffset, MemorySegment y, long yOffset, long ldy, int rows, int n) {
    for (int i = 0; i < rows; i++) {
      ElementwiseKernels.copy(v, vOffset * 4, y, (yOffset + i * ldy) * 4, n);
    }
  }

  @Override
  public void activate(
      Activation activation, MemorySegment x, long xOffset, long ldx, int rows, int n) {
    if (n < Lanes.COUNT) {
      SHORT_ROWS.activate(activation, x, xOffset, ldx, rows, n);
      return;
    }
    for (int i = 0; i < rows; i++) {
      ActivationKernels.run(activation, x, (xOffset + i * ldx) * 4, n);
    }
  }

  @Override
  public void layerNorm(
      MemorySegment x,
      long xOffset,
      MemorySegment gamma,
      long gammaOffset,
      MemorySegment beta,
      long betaOffset,
      float epsilon,
      MemorySegment y,
      long yOffset,
      int n) {
    if (n < Lanes.COUNT) {
      SHORT_ROWS.layerNorm(
          x, xOffset, gamma, gammaOffset, beta, betaOffset, epsilon, y, yOffset, n);
      return;
    }
    RowKernels.layerNorm(
        x, xOffset * 4, gamma, gammaOffset * 4, beta, betaOffset * 4, epsilon, y, yOffset * 4, n);
  }

  @Override
  public void softmax(MemorySegment x, long xOffset, float scale, int n) {
    if (n < Lanes.COUNT) {
      SHORT_ROWS.softmax(x, xOffset, scale, n);
      return;
    }
    RowKernels.softmax(x, xOffset * 4, scale, n);
  }

  @Override
  public void softmaxColumns(
      MemorySegment x, long xOffset, long ldx, float scale, int rows, int columns) {
    assert columns % Lanes.COUNT == 0 : columns;
    for (int j = 0; j < columns; j += Lanes.COUNT) {
      ColumnKernels.softmax(x, (xOffset + j) * 4, ldx * 4, scale, rows);
    }
  }

  @Override
  public void transpose(
      MemorySegment x,
      long xOffset,
      long ldx,
      MemorySegment y,
      long yOffset,
      long ldy,
      int rows,
      int columns) {
    TransposeKernels.run(x, xOffset * 4, ldx * 4, y, yOffset * 4, ldy * 4, rows, columns);
  }

  @Override
  public void addRows(
      MemorySegment x,
      long xOffset,
      long ldx,
      MemorySegment y,
      long yOffset,
      long ldy,
      int rows,
      int n) {
    ElementwiseKernels.add(x, xOffset * 4, ldx * 4, y, yOffset * 4, ldy * 4, rows, n);
  }

  @Override
  public void scale(
      MemorySegment x, long xOffset, float factor, MemorySegment y, long yOffset, int n) {
    ElementwiseKernels.scale(x, xOffset * 4, factor, y, yOffset * 4, n);
  }

  @Override
  public void swiGlu(
      MemorySegment g,
      long gOffset,
      MemorySegment x,
      long xOffset,
      MemorySegment y,
      long yOffset,
      int n) {
    if (n < Lanes.COUNT) {
      SHORT_ROWS.swiGlu(g, gOffset, x, xOffset, y, yOffset, n);
      return;
    }
    ActivationKernels.swiGlu(g, gOffset * 4, x, xOffset * 4, y, yOffset * 4, n);
  }

  @Override
  public void rotate(
      MemorySegment x, long xOffset, MemorySegment angles, long anglesOffset, int vectors, int m) {
    for (int v = 0; v < vectors; v++) {
      RowKernels.rotate(x, (xOffset + 2L * m * v) * 4, angles, anglesOffset * 4, m);
    }
  }
}
