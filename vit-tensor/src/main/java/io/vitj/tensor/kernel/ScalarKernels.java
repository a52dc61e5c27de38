package io.vitj.tensor.kernel;

import io.vitj.tensor.HalfFloat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The specification: every operation as its equation says, one element at a time, with elementary
 * functions and row sums in double precision.
 */
final class ScalarKernels implements Kernels {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** A tile of 4×4 keeps its 16 sums in registers of any processor. */
  private static final Blocking BLOCKING = Blocking.of(4, 4, 1);

  private static float get(MemorySegment x, long index) {
    return x.get(FLOAT, index << 2);
  }

  private static void set(MemorySegment x, long index, float value) {
    x.set(FLOAT, index << 2, value);
  }

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public int bits() {
    return Float.SIZE;
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
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        float sum = get(bias, biasOffset + j);
        for (int p = 0; p < depth; p++) {
          long at = bOffset + (long) p * BLOCKING.tileColumns() + j;
          // Math.fma is an interpreter call of a BigDecimal where there is no FMA instruction.
          sum += get(a, aOffset + i * lda + p) * get(b, at);
        }
        set(c, cOffset + i * ldc + j, sum);
      }
    }
  }

  @Override
  public void widen(MemorySegment x, long xOffset, MemorySegment y, long yOffset, int pairs) {
    int n = BLOCKING.tileColumns();
    for (int i = 0; i < pairs; i++) {
      for (int j = 0; j < n; j++) {
        int pair = Float.floatToRawIntBits(get(x, xOffset + (long) i * n + j));
        long to = yOffset + 2L * i * n + j;
        set(y, to, HalfFloat.bf16((short) pair));
        set(y, to + n, HalfFloat.bf16((short) (pair >>> 16)));
      }
    }
  }

  @Override
  public int bf16TileRows() {
    return BLOCKING.tileRows();
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
    int n = BLOCKING.tileColumns();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < n; j++) {
        float sum = get(bias, biasOffset + j);
        for (int p = 0; p < pairs; p++) {
          int pair = Float.floatToRawIntBits(get(b, bOffset + (long) p * n + j));
          long at = aOffset + i * lda + 2L * p;
          sum += get(a, at) * HalfFloat.bf16((short) pair);
          sum += get(a, at + 1) * HalfFloat.bf16((short) (pair >>> 16));
        }
        set(c, cOffset + i * ldc + j, sum);
      }
    }
  }

  @Override
  public void fillRows(
      MemorySegment v, long vOffset, MemorySegment y, long yOffset, long ldy, int rows, int n) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < n; j++) {
        set(y, yOffset + i * ldy + j, get(v, vOffset + j));
      }
    }
  }

  @Override
  public void activate(
      Activation activation, MemorySegment x, long xOffset, long ldx, int rows, int n) {
    if (activation == Activation.NONE) {
      return;
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < n; j++) {
        long at = xOffset + i * ldx + j;
        set(x, at, (float) activation.applyAsDouble(get(x, at)));
      }
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
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += get(x, xOffset + i);
    }
    double mean = sum / n;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double centred = get(x, xOffset + i) - mean;
      squares += centred * centred;
    }
    double inverse = 1 / Math.sqrt(squares / n + epsilon);
    for (int i = 0; i < n; i++) {
      double normal = (get(x, xOffset + i) - mean) * inverse;
      double scaled = normal * get(gamma, gammaOffset + i) + get(beta, betaOffset + i);
      set(y, yOffset + i, (float) scaled);
    }
  }

  @Override
  public void softmax(MemorySegment x, long xOffset, float scale, int n) {
    softmax(x, xOffset, 1, scale, n);
  }

  @Override
  public void softmaxColumns(
      MemorySegment x, long xOffset, long ldx, float scale, int rows, int columns) {
    for (int j = 0; j < columns; j++) {
      softmax(x, xOffset + j, ldx, scale, rows);
    }
  }

  private static void softmax(MemorySegment x, long from, long step, float scale, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, get(x, from + i * step));
    }
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Math.exp((double) scale * (get(x, from + i * step) - max));
    }
    for (int i = 0; i < n; i++) {
      double exp = Math.exp((double) scale * (get(x, from + i * step) - max));
      set(x, from + i * step, (float) (exp / sum));
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
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        set(y, yOffset + j * ldy + i, get(x, xOffset + i * ldx + j));
      }
    }
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
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < n; j++) {
        long to = yOffset + i * ldy + j;
        set(y, to, get(y, to) + get(x, xOffset + i * ldx + j));
      }
    }
  }

  @Override
  public void scale(
      MemorySegment x, long xOffset, float factor, MemorySegment y, long yOffset, int n) {
    for (int i = 0; i < n; i++) {
      set(y, yOffset + i, factor * get(x, xOffset + i));
    }
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
    for (int i = 0; i < n; i++) {
      double gate = Activation.SILU.applyAsDouble(get(g, gOffset + i));
      set(y, yOffset + i, (float) (gate * get(x, xOffset + i)));
    }
  }

  @Override
  public void rotate(
      MemorySegment x, long xOffset, MemorySegment angles, long anglesOffset, int vectors, int m) {
    for (int v = 0; v < vectors; v++) {
      for (int i = 0; i < m; i++) {
        long at = xOffset + 2L * m * v + i;
        double first = get(x, at);
        double second = get(x, at + m);
        double cos = get(angles, anglesOffset + i);
        double sin = get(angles, anglesOffset + m + i);
        set(x, at, (float) (first * cos - second * sin));
        set(x, at + m, (float) (second * cos + first * sin));
      }
    }
  }
}
