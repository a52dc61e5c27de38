package io.vitj.tensor.kernel;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  /** What a tile starts from. */
  private enum Seed {
    /** C itself. */
    IN_PLACE,
    /** Another matrix. */
    MATRIX,
    /** One row for all. */
    ROW
  }

  @ParameterizedTest
  @EnumSource
  void everyTileMeetsTheErrorBound(Seed seed) {
    for (int depth : DEPTHS) {
      checkTiles(seed, depth, Samples::wide, true);
    }
  }

  @ParameterizedTest
  @EnumSource
  void specialValuesTakeTheSameWay(Seed seed) {
    for (int depth = 0; depth <= 4; depth++) {
      checkTiles(seed, depth, Samples::special, false);
    }
  }

  private void checkTiles(Seed seed, int depth, Source source, boolean finite) {
    int lanes = blocking.lanes();
    for (int rows = 1; rows <= blocking.tileRows(); rows++) {
      for (int columns = lanes; columns <= blocking.tileColumns(); columns += lanes) {
        Product product = new Product(seed, rows, columns, depth, source);
        product.runTile();
        product.checkBits();
        if (finite) {
          product.checkErrors();
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
          Product sum = new Product(Seed.IN_PLACE, rows, columns, 5, Samples::special);
          sum.runPanel(panels, true);
          sum.checkBits();
          Product product = new Product(Seed.ROW, rows, columns, 5, Samples::special);
          product.seed.set(new float[columns]);
          product.runPanel(panels, false);
          product.checkBits();
        }
      }
    }
  }

  @Test
  void panelsTakeManyRows() {
    try (Arena arena = Arena.ofConfined()) {
      int columns = blocking.tileColumns() - 1;
      Product product = new Product(Seed.IN_PLACE, 197, columns, 61, Samples::normal);
      product.runPanel(new PanelProduct(arena), true);
      product.checkBits();
      product.checkErrors();
    }
  }

  private interface Source {
    float[] values(int n, long seed);
  }

  /** C = S + bias + A·B. */
  private final class Product {
    private final int depth;
    private final Area a;
    private final Area b;
    private final Area seed;
    private final Area bias;
    private final Area c;
    private final float[] before;

    Product(Seed kind, int rows, int columns, int depth, Source source) {
      this.depth = depth;
      int width = blocking.tileColumns();
      before = source.values(rows * columns, 1);
      a = Area.matrix(3, rows, depth, depth + 5).set(source.values(rows * depth, 2));
      b = Area.matrix(7, depth, width, width).set(source.values(depth * width, 3));
      bias = Area.vector(2, source.values(width, 4));
      c = Area.matrix(1, rows, columns, columns + 3);
      seed =
          switch (kind) {
            case IN_PLACE -> c;
            case MATRIX -> Area.matrix(4, rows, columns, columns + 1);
            case ROW -> Area.matrix(4, 1, columns, 0);
          };
      seed.set(before);
    }

    void runTile() {
      kernels.gemmTile(
          a.input(),
          a.offset,
          a.stride,
          b.input(),
          b.offset,
          seed.input(),
          seed.offset,
          seed.stride,
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

    private float seedAt(int row, int column) {
      return seed == c ? before[row * c.columns + column] : seed.get(row % seed.rows, column);
    }

    void checkBits() {
      c.checkGuards();
      boolean fused = kernels.name().equals("vector");
      for (int i = 0; i < c.rows; i++) {
        for (int j = 0; j < c.columns; j++) {
          float sum = seedAt(i, j) + bias.get(0, j);
          for (int p = 0; p < depth; p++) {
            float x = a.get(i, p);
            float y = b.get(p, j);
            sum = fused ? Math.fma(x, y, sum) : sum + x * y;
          }
          Bounds.checkBits(where(i, j), c.get(i, j), sum);
        }
      }
    }

    /**
     * Every addend goes through at most depth + 1 sums and one product: |ĉ − c| ≤ γ(k+2)·(|s| + |b|
     * + Σ|aₚ|·|bₚ|), one more in the index for the reference itself.
     */
    void checkErrors() {
      for (int i = 0; i < c.rows; i++) {
        for (int j = 0; j < c.columns; j++) {
          double sum = (double) seedAt(i, j) + bias.get(0, j);
          double magnitude = Math.abs(seedAt(i, j)) + Math.abs(bias.get(0, j));
          for (int p = 0; p < depth; p++) {
            double product = (double) a.get(i, p) * b.get(p, j);
            sum += product;
            magnitude += Math.abs(product);
          }
          Bounds.check(where(i, j), c.get(i, j), sum, Bounds.gamma(depth + 3) * magnitude);
        }
      }
    }

    private String where(int row, int column) {
      return "%d×%d tile of depth %d at %d, %d".formatted(c.rows, c.columns, depth, row, column);
    }
  }
}
