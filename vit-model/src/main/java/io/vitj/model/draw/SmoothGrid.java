package io.vitj.model.draw;

/**
 * A smooth surface through the values of a grid: cubic convolution with a = −½ along rows and
 * columns (R. Keys, 1981, "Cubic Convolution Interpolation for Digital Image Processing"), the edge
 * values continued outwards, and cut off at the least and the greatest value of the grid, beyond
 * which cubics swing.
 */
final class SmoothGrid {
  private static final int TAPS = 4;

  private final float[] values;
  private final int width;
  private final int height;
  private final double least;
  private final double greatest;

  /**
   * Takes a grid.
   *
   * @param values (height, width), kept
   */
  SmoothGrid(float[] values, int height, int width, double least, double greatest) {
    this.values = values;
    this.height = height;
    this.width = width;
    this.least = least;
    this.greatest = greatest;
  }

  /**
   * Evaluates the surface on a raster.
   *
   * @param columns for each column of the raster its place across the grid, 0 at the left edge of
   *     the first cell and {@code width} at the right edge of the last
   * @param rows for each row its place down the grid
   * @return values, row by row
   */
  double[] raster(double[] columns, double[] rows) {
    double[] across = new double[height * columns.length];
    double[] weights = new double[TAPS];
    for (int x = 0; x < columns.length; x++) {
      int first = taps(columns[x], weights);
      for (int row = 0; row < height; row++) {
        double sum = 0;
        for (int k = 0; k < TAPS; k++) {
          sum += weights[k] * values[row * width + Math.clamp(first + k, 0, width - 1)];
        }
        across[row * columns.length + x] = sum;
      }
    }
    double[] raster = new double[rows.length * columns.length];
    for (int y = 0; y < rows.length; y++) {
      int first = taps(rows[y], weights);
      for (int x = 0; x < columns.length; x++) {
        double sum = 0;
        for (int k = 0; k < TAPS; k++) {
          int row = Math.clamp(first + k, 0, height - 1);
          sum += weights[k] * across[row * columns.length + x];
        }
        raster[y * columns.length + x] = Math.clamp(sum, least, greatest);
      }
    }
    return raster;
  }

  /** Fills in the weights of four cells in a row, and returns the first of the cells. */
  private static int taps(double place, double[] weights) {
    double centre = place - 0.5;
    double cell = Math.floor(centre);
    double t = centre - cell;
    weights[0] = ((-0.5 * t + 1) * t - 0.5) * t;
    weights[1] = (1.5 * t - 2.5) * t * t + 1;
    weights[2] = ((-1.5 * t + 2) * t + 0.5) * t;
    weights[3] = (0.5 * t - 0.5) * t * t;
    return (int) cell - 1;
  }
}
