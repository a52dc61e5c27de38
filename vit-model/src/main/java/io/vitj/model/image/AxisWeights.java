package io.vitj.model.image;

import java.util.function.DoubleUnaryOperator;

/**
 * Which samples of one axis each sample of its resized axis is made of, and how much of each:
 * {@code y[i] = Σ_k weights[i * stride + k] · x[start[i] + k]} over {@code k < count[i]}. The
 * weights of a sample sum to 1.
 */
final class AxisWeights {
  /** The coefficient of PyTorch's cubic convolution without antialiasing. */
  private static final double SHARP = -0.75;

  private static final int CUBIC_TAPS = 4;

  /** The first sample of each sum. */
  final int[] start;

  /** How many samples it has. */
  final int[] count;

  /** {@code stride} for each sum; those beyond its count are 0. */
  final double[] weights;

  /** The largest possible count. */
  final int stride;

  private AxisWeights(int length, int stride) {
    this.start = new int[length];
    this.count = new int[length];
    this.weights = new double[Math.multiplyExact(length, stride)];
    this.stride = stride;
  }

  /**
   * A filter that is stretched by the scale of a reduction, which is its antialiasing.
   *
   * <p>Source: Pillow {@code Resample.c} ({@code precompute_coeffs}); PyTorch's {@code
   * interpolate(antialias=True)} is made after it.
   *
   * @param sourceSize samples of the axis
   * @param size samples of the whole resized axis
   * @param filter the kernel
   * @param from the first resized sample wanted
   * @param length how many are wanted
   */
  static AxisWeights antialiased(int sourceSize, int size, Filter filter, int from, int length) {
    return antialiased(sourceSize, size, filter, from, length, x -> x);
  }

  /**
   * The same in single precision, as PyTorch computes it for a tensor of floats: every operation is
   * rounded to a float, which gives the bits of float arithmetic.
   *
   * @param sourceSize samples of the axis
   * @param size samples of the resized axis
   * @param filter the kernel
   */
  static AxisWeights antialiasedFloats(int sourceSize, int size, Filter filter) {
    return antialiased(sourceSize, size, filter, 0, size, x -> (float) x);
  }

  private static AxisWeights antialiased(
      int sourceSize, int size, Filter filter, int from, int length, DoubleUnaryOperator rounded) {
    double scale = rounded.applyAsDouble((double) sourceSize / size);
    double stretch = Math.max(scale, 1);
    double support = rounded.applyAsDouble(filter.support() * stretch);
    int stride = Math.min((int) Math.ceil(support) * 2 + 1, sourceSize);
    AxisWeights axis = new AxisWeights(length, stride);
    // Times the reciprocal, as Pillow: a division rounds differently.
    double inverse = rounded.applyAsDouble(1 / stretch);
    for (int i = 0; i < length; i++) {
      double center = rounded.applyAsDouble((from + i + 0.5) * scale);
      double left = rounded.applyAsDouble(center - support);
      double right = rounded.applyAsDouble(center + support);
      int low = Math.max((int) rounded.applyAsDouble(left + 0.5), 0);
      int n = Math.min((int) rounded.applyAsDouble(right + 0.5), sourceSize) - low;
      axis.start[i] = low;
      axis.count[i] = n;
      double sum = 0;
      for (int k = 0; k < n; k++) {
        double distance = rounded.applyAsDouble(k + low - center);
        double at = rounded.applyAsDouble(rounded.applyAsDouble(distance + 0.5) * inverse);
        double weight = rounded.applyAsDouble(filter.weight(at));
        axis.weights[i * stride + k] = weight;
        sum = rounded.applyAsDouble(sum + weight);
      }
      for (int k = 0; k < n && sum != 0; k++) {
        axis.weights[i * stride + k] = rounded.applyAsDouble(axis.weights[i * stride + k] / sum);
      }
    }
    return axis;
  }

  /**
   * Keys' cubic convolution with a = −0.75 and no antialiasing: sample i lies at scale · (i + ½) −
   * ½, and samples beyond the ends have the value of the end.
   *
   * <p>Source: PyTorch {@code interpolate(mode="bicubic", align_corners=False)}, {@code
   * UpSampleBicubic2d}.
   *
   * @param sourceSize samples of the axis
   * @param size samples of the resized axis
   * @param scale source samples for each resized sample
   */
  static AxisWeights cubic(int sourceSize, int size, double scale) {
    int stride = Math.min(CUBIC_TAPS, sourceSize);
    AxisWeights axis = new AxisWeights(size, stride);
    for (int i = 0; i < size; i++) {
      double at = scale * (i + 0.5) - 0.5;
      int left = (int) Math.floor(at);
      axis.start[i] = Math.clamp(left - 1, 0, sourceSize - stride);
      axis.count[i] = stride;
      for (int tap = left - 1; tap < left - 1 + CUBIC_TAPS; tap++) {
        int sample = Math.clamp(tap, 0, sourceSize - 1);
        axis.weights[i * stride + sample - axis.start[i]] += keys(Math.abs(at - tap));
      }
    }
    return axis;
  }

  private static double keys(double t) {
    return t <= 1
        ? ((SHARP + 2) * t - (SHARP + 3)) * t * t + 1
        : ((SHARP * t - 5 * SHARP) * t + 8 * SHARP) * t - 4 * SHARP;
  }
}
