package io.vitj.tensor.kernel;

import io.vitj.tensor.DType;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

/**
 * The register tiles, and whole panels made of them. Kernels that use FMA give, for every element,
 * the bits of one chain of FMAs in ascending order, whatever tile it lies in; the scalar ones those
 * of a chain of products and sums.
 */
@OnProcessorWidth
class GemmConformanceTest {
  private static final int[] DEPTHS = {1, 2, 3, 7, 16, 61};

  private final Kernels kernels = KernelProvider.kernels();
  private final Blocking blocking = kernels.blocking();

  @Test
  void everyTileMeetsTheErrorBound() {
    for (int depth : DEPTHS) {
      checkTiles(depth, Samples::wide, true);
    }
  }

  @Test
  void specialValuesTakeTheSameWay() {
    for (int depth = 0; depth <= 4; depth++) {
      checkTiles(depth, Samples::special, false);
    }
  }

  private void checkTiles(int depth, Source source, boolean finite) {
    int lanes = blocking.lanes();
    for (int rows = 1; rows <= blocking.tileRows(); rows++) {
      for (int columns = lanes; columns <= blocking.tileColumns(); columns += lanes) {
        Product product = new Product(rows, columns, depth, source);
        product.runTile();
        product.checkBits(false);
        if (finite) {
          product.checkErrors(false);
        }
      }
    }
  }

  @Test
  void panelsTakeAnyRowsAndColumns() {
    try (Arena arena = Arena.ofConfined()) {
      PanelProduct panels = new PanelProduct(arena);
      for (int rows = 1; rows <= 2 * blocking.tileRows() + 1; rows++) {
        for (int columns = 1; columns <= blocking.tileColumns(); columns++) {
          for (boolean accumulate : new boolean[] {false, true}) {
            Product product = new Product(rows, columns, 5, Samples::special);
            product.runPanel(panels, accumulate);
            product.checkBits(accumulate);
          }
        }
      }
    }
  }

  @Test
  void panelsTakeManyRows() {
    try (Arena arena = Arena.ofConfined()) {
      for (boolean accumulate : new boolean[] {false, true}) {
        Product product = new Product(197, blocking.tileColumns() - 1, 61, Samples::normal);
        product.runPanel(new PanelProduct(arena), accumulate);
        product.checkBits(accumulate);
        product.checkErrors(accumulate);
      }
    }
  }

  private interface Source {
    float[] values(int n, long seed);
  }

  /** C = bias + A·B, or C += that. */
  private final class Product {
    private final int depth;
    private final Area a;
    private final Area b;
    private final Area bias;
    private final Area c;
    private final float[] before;
    private final String what;

    Product(int rows, int columns, int depth, Source source) {
      this.depth = depth;
      int width = blocking.tileColumns();
      before = source.values(rows * columns, 1);
      a = Area.matrix(3, rows, depth, depth + 5).set(source.values(rows * depth, 2));
      b = Area.matrix(7, depth, width, width).set(source.values(depth * width, 3));
      bias = Area.vector(2, source.values(width, 4));
      c = Area.matrix(1, rows, columns, columns + 3).set(before);
      what = "tile of " + rows + "×" + columns + "×" + depth;
    }

    void runTile() {
      kernels.gemmTile(
          a.input(),
          a.offset,
          a.stride,
          b.input(),
          b.offset,
          bias.input(),
          bias.offset,
          c.segment,
          c.offset,
          c.stride,
          c.rows,
          c.columns,
          depth);
    }

    void runPanel(PanelProduct panels, boolean accumulate) {
      panels.run(
          a.input(),
          a.offset,
          a.stride,
          DType.F32,
          b.input(),
          b.offset,
          bias.input(),
          bias.offset,
          accumulate,
          c.segment,
          c.offset,
          c.stride,
          c.rows,
          c.columns,
          depth);
    }

    void checkBits(boolean accumulate) {
      c.checkGuards();
      boolean fused = kernels.name().equals("vector");
      for (int i = 0; i < c.rows; i++) {
        for (int j = 0; j < c.columns; j++) {
          float sum = bias.get(0, j);
          for (int p = 0; p < depth; p++) {
            float x = a.get(i, p);
            float y = b.get(p, j);
            sum = fused ? Math.fma(x, y, sum) : sum + x * y;
          }
          float expected = accumulate ? before[i * c.columns + j] + sum : sum;
          Bounds.checkBits(what, c.get(i, j), expected);
        }
      }
    }

    /**
     * Every addend goes through at most depth + 1 sums and one product: |ĉ − c| ≤ γ(k+2)·(|c₀| +
     * |b| + Σ|aₚ|·|bₚ|), one more in the index for the reference itself.
     */
    void checkErrors(boolean accumulate) {
      for (int i = 0; i < c.rows; i++) {
        for (int j = 0; j < c.columns; j++) {
          double sum = bias.get(0, j) + (accumulate ? (double) before[i * c.columns + j] : 0);
          double magnitude = Math.abs(bias.get(0, j)) + Math.abs(before[i * c.columns + j]);
          for (int p = 0; p < depth; p++) {
            double product = (double) a.get(i, p) * b.get(p, j);
            sum += product;
            magnitude += Math.abs(product);
          }
          Bounds.check(what, c.get(i, j), sum, Bounds.gamma(depth + 3) * magnitude);
        }
      }
    }
  }
}
