package io.vitj.model.draw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SmoothGridTest {
  private static final float[] VALUES = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8};
  private static final SmoothGrid GRID = new SmoothGrid(VALUES, 3, 4, 1, 9);

  private static double at(double x, double y) {
    return GRID.raster(new double[] {x}, new double[] {y})[0];
  }

  @Test
  void goesThroughTheValuesAtTheCentresOfTheCells() {
    double[] raster = GRID.raster(new double[] {0.5, 1.5, 2.5, 3.5}, new double[] {0.5, 1.5, 2.5});
    for (int i = 0; i < VALUES.length; i++) {
      assertThat(raster[i]).isEqualTo(VALUES[i]);
    }
  }

  /** Keys' kernel at ½: (−1, 9, 9, −1)/16. */
  @Test
  void isCubicBetweenThem() {
    assertThat(at(2, 1.5)).isCloseTo((-5 + 9 * 9 + 9 * 2 - 6) / 16.0, within(1e-12));
    double first = (-3 + 9 * 1 + 9 * 4 - 1) / 16.0;
    double second = (-5 + 9 * 9 + 9 * 2 - 6) / 16.0;
    double third = (-5 + 9 * 3 + 9 * 5 - 8) / 16.0;
    // The row above the first is the first again.
    double expected = (-first + 9 * first + 9 * second - third) / 16;
    assertThat(at(2, 1)).isCloseTo(expected, within(1e-12));
  }

  @Test
  void staysBetweenTheLeastAndTheGreatest() {
    float[] spike = {0, 0, 1, 0, 0};
    SmoothGrid grid = new SmoothGrid(spike, 1, 5, 0, 1);
    double[] columns = new double[101];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = i / 20.0;
    }
    double[] raster = grid.raster(columns, new double[] {0.5});
    for (double value : raster) {
      assertThat(value).isBetween(0.0, 1.0);
    }
    assertThat(raster[30]).isZero(); // −1/16 without the limit
  }

  @Test
  void theEdgeGoesOn() {
    assertThat(at(-7, 1.5)).isEqualTo(5);
    assertThat(at(40, 2.5)).isEqualTo(8);
  }
}
