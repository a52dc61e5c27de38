package io.vitj.model.image;

/**
 * Resizes one channel of floats as PyTorch does with antialiasing: along the columns, then along
 * the rows, each sum in ascending order with one rounding for each product and sum (FMA).
 *
 * <p>Source: PyTorch {@code interpolate(antialias=True)} of a float tensor, {@code
 * UpSampleKernel.cpp}; which of its sums are fused depends on the shape, so the last bits differ.
 */
final class FloatResampler {
  private FloatResampler() {}

  /**
   * Resizes.
   *
   * @param plane (height, width)
   * @param width of the plane
   * @param newWidth of the result
   * @param newHeight of the result
   * @param filter {@link Filter#BILINEAR} or {@link Filter#BICUBIC}
   * @return (newHeight, newWidth)
   */
  static float[] resize(float[] plane, int width, int newWidth, int newHeight, Filter filter) {
    int height = plane.length / width;
    AxisWeights across = AxisWeights.antialiasedFloats(width, newWidth, filter);
    float[] wide = new float[Math.multiplyExact(height, newWidth)];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < newWidth; x++) {
        wide[y * newWidth + x] = sum(plane, y * width, 1, across, x);
      }
    }
    AxisWeights down = AxisWeights.antialiasedFloats(height, newHeight, filter);
    float[] result = new float[Math.multiplyExact(newHeight, newWidth)];
    for (int y = 0; y < newHeight; y++) {
      for (int x = 0; x < newWidth; x++) {
        result[y * newWidth + x] = sum(wide, x, newWidth, down, y);
      }
    }
    return result;
  }

  private static float sum(float[] from, int first, int step, AxisWeights axis, int i) {
    int weight = i * axis.stride;
    int at = first + axis.start[i] * step;
    float sum = from[at] * (float) axis.weights[weight];
    for (int k = 1; k < axis.count[i]; k++) {
      sum = Math.fma(from[at + k * step], (float) axis.weights[weight + k], sum);
    }
    return sum;
  }
}
