package io.vitj.model;

/**
 * What attention adds to its scores for the offset between query and key (Bao et al., 2022, BEiT):
 * a learned table for each block, or one for all. A grid of h × w patches has (2h − 1)·(2w − 1)
 * offsets; three more numbers belong to pairs with the class token.
 *
 * @param shared whether all blocks have the same table
 * @param resampling how a table is brought to another grid
 */
public record RelativePositions(boolean shared, Resampling resampling) {
  private static final int CLASS_PAIRS = 3;

  /** How the table of one grid becomes that of another. */
  public enum Resampling {
    /**
     * Linear along both axes; sample i of m lies at (i + ½)·n/m − ½ among n, and not beyond its
     * ends.
     *
     * <p>Source: transformers {@code BeitRelativePositionBias} ({@code interpolate(mode="bilinear",
     * align_corners=False)}).
     */
    BILINEAR {
      @Override
      double[] positions(int source, int size) {
        double[] at = new double[size];
        for (int i = 0; i < size; i++) {
          at[i] = Math.clamp((i + 0.5) * source / size - 0.5, 0, source - 1);
        }
        return at;
      }
    },
    /**
     * Linear along both axes between offsets that are stretched: the distances between neighbours
     * grow from the centre outwards as a geometric progression, so that near offsets keep their
     * values.
     *
     * <p>Source: timm {@code layers/pos_embed_rel.py}, {@code resize_rel_pos_bias_table}, after
     * BEiT's own.
     */
    GEOMETRIC {
      @Override
      double[] positions(int source, int size) {
        double[] known = progression(source, size);
        double[] at = new double[size];
        int centre = size / 2;
        for (int i = 0; i < size; i++) {
          double wanted = Math.clamp(i - centre, known[0], known[source - 1]);
          int right = 0;
          while (known[right] < wanted) {
            right++;
          }
          at[i] =
              right == 0 ? 0 : right - (known[right] - wanted) / (known[right] - known[right - 1]);
        }
        return at;
      }
    };

    /** Where each sample of the resized axis lies among those of the source. */
    abstract double[] positions(int source, int size);

    /** Offsets 0, ±1, ±(1 + q), … whose last is as far out as that of the resized axis. */
    private static double[] progression(int source, int size) {
      int side = source / 2;
      int outermost = size / 2;
      double left = 1.01;
      double right = 1.5;
      double q = left;
      while (right - left > 1e-6) {
        q = (left + right) / 2;
        double reach = (1 - Math.pow(q, side)) / (1 - q);
        if (reach > outermost) {
          right = q;
        } else {
          left = q;
        }
      }
      double[] offsets = new double[source];
      double distance = 0;
      for (int i = 1; i <= side; i++) {
        distance += i == 1 ? 1 : Math.pow(q, i - 1);
        offsets[side + i] = distance;
        offsets[side - i] = -distance;
      }
      return offsets;
    }
  }

  /**
   * Returns the rows of a table.
   *
   * @param rows h, of the patch grid
   * @param columns w, of the patch grid
   * @return (2h − 1)·(2w − 1) + 3
   */
  public int rows(int rows, int columns) {
    return (2 * rows - 1) * (2 * columns - 1) + CLASS_PAIRS;
  }

  /**
   * Brings a table to another grid.
   *
   * @param table (rows of the grid's table, heads)
   * @param heads H
   * @param rows of the grid
   * @param columns of the grid
   * @param newRows of the other grid
   * @param newColumns of the other grid
   * @return its table; the given one if the grid stays the same
   */
  public float[] resample(
      float[] table, int heads, int rows, int columns, int newRows, int newColumns) {
    if (rows == newRows && columns == newColumns) {
      return table;
    }
    int width = 2 * columns - 1;
    double[] down = resampling.positions(2 * rows - 1, 2 * newRows - 1);
    double[] across = resampling.positions(width, 2 * newColumns - 1);
    float[] result = new float[rows(newRows, newColumns) * heads];
    int to = 0;
    for (double y : down) {
      for (double x : across) {
        for (int head = 0; head < heads; head++) {
          result[to++] = (float) interpolate(table, heads, head, width, y, x);
        }
      }
    }
    int pairs = CLASS_PAIRS * heads;
    System.arraycopy(table, table.length - pairs, result, to, pairs);
    return result;
  }

  private static double interpolate(
      float[] table, int heads, int head, int width, double y, double x) {
    double sum = 0;
    for (int corner = 0; corner < 4; corner++) {
      int row = (int) y + corner / 2;
      int column = (int) x + corner % 2;
      double weight = (1 - Math.abs(y - row)) * (1 - Math.abs(x - column));
      if (weight > 0) {
        sum += weight * table[(row * width + column) * heads + head];
      }
    }
    return sum;
  }
}
