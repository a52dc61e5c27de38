package io.vitj.model.image;

/**
 * How learned position embeddings are brought from the patch grid that they were trained on to
 * another: a bicubic resampling of each channel, along the columns and along the rows. Libraries
 * differ in the kernel and in where the samples lie. On the grid itself every rule is the identity.
 */
public enum GridResampling {
  /**
   * Keys' kernel with a = −0.5, stretched by the scale of a reduction.
   *
   * <p>Source: timm {@code layers/pos_embed.py}, {@code resample_abs_pos_embed} ({@code
   * interpolate(size=…, mode="bicubic", antialias=True)}); also transformers' and Meta's DINOv2
   * with registers.
   */
  ANTIALIASED {
    @Override
    AxisWeights weights(int sourceSize, int size) {
      return AxisWeights.antialiased(sourceSize, size, Filter.BICUBIC, 0, size);
    }
  },
  /**
   * Keys' kernel with a = −0.75; sample i of a lies at i·(n/m), centres aligned, for n samples made
   * m.
   *
   * <p>Source: transformers' {@code interpolate_pos_encoding} ({@code interpolate(size=…,
   * mode="bicubic", align_corners=False)}).
   */
  BICUBIC {
    @Override
    AxisWeights weights(int sourceSize, int size) {
      return AxisWeights.cubic(sourceSize, size, (double) sourceSize / size);
    }
  },
  /**
   * As {@link #BICUBIC}, but with the scale n/(m + 0.1): all samples lie a little nearer to the
   * first.
   *
   * <p>Source: DINO and DINOv2 of Meta, {@code interpolate_pos_encoding} with {@code
   * interpolate_offset} 0.1, which is in the {@code scale_factor} that PyTorch's {@code
   * interpolate} follows.
   */
  BICUBIC_OFFSET {
    @Override
    AxisWeights weights(int sourceSize, int size) {
      return AxisWeights.cubic(sourceSize, size, sourceSize / (size + OFFSET));
    }
  };

  private static final double OFFSET = 0.1;

  /** The sums that make an axis of {@code size} samples from one of {@code sourceSize}. */
  abstract AxisWeights weights(int sourceSize, int size);

  /**
   * Resamples a grid of vectors.
   *
   * @param grid (rows, columns, channels), not changed
   * @param rows of the grid
   * @param columns of the grid
   * @param newRows of the result
   * @param newColumns of the result
   * @return (newRows, newColumns, channels); a copy if the grid stays the same
   * @throws IllegalArgumentException if the grid has another number of elements
   */
  public float[] resample(float[] grid, int rows, int columns, int newRows, int newColumns) {
    if (rows < 1 || columns < 1 || grid.length % (rows * columns) != 0) {
      throw new IllegalArgumentException(
          grid.length + " values are no grid of " + rows + " x " + columns + " vectors");
    }
    if (rows == newRows && columns == newColumns) {
      return grid.clone();
    }
    int channels = grid.length / (rows * columns);
    float[] wide = new float[rows * newColumns * channels];
    AxisWeights across = weights(columns, newColumns);
    for (int row = 0; row < rows; row++) {
      sum(grid, row * columns * channels, across, channels, wide, row * newColumns * channels);
    }
    float[] result = new float[newRows * newColumns * channels];
    sum(wide, 0, weights(rows, newRows), newColumns * channels, result, 0);
    return result;
  }

  /** Each resized sample is a weighted sum of runs of {@code length} values. */
  private static void sum(float[] x, int from, AxisWeights axis, int length, float[] y, int to) {
    for (int i = 0; i < axis.start.length; i++) {
      for (int c = 0; c < length; c++) {
        double sum = 0;
        for (int k = 0; k < axis.count[i]; k++) {
          sum += axis.weights[i * axis.stride + k] * x[from + (axis.start[i] + k) * length + c];
        }
        y[to + i * length + c] = (float) sum;
      }
    }
  }
}
