package io.vitj.model.image;

/**
 * From 8-bit samples to a model's input: {@code (v · factor − mean) / std} per channel. There are
 * only 256 samples, so each channel is a table, made with the reference's own sequence of
 * roundings. A model that resizes between the two steps does them apart.
 */
final class Normalization {
  private static final int CHANNELS = 3;
  private static final int LEVELS = 256;

  private final String rescaling;
  private final boolean normalizes;
  private final double[] mean;
  private final double[] std;
  private final float[] rescaled;
  private final float[][] tables = new float[CHANNELS][LEVELS];

  private Normalization(float[] rescaled, String rescaling, double[] mean, double[] std) {
    this.rescaled = rescaled;
    this.rescaling = rescaling;
    this.normalizes = mean != null;
    this.mean = normalizes ? mean : new double[] {0, 0, 0};
    this.std = normalizes ? std : new double[] {1, 1, 1};
    for (int c = 0; c < CHANNELS; c++) {
      for (int v = 0; v < LEVELS; v++) {
        tables[c][v] = normalised(rescaled[v], c);
      }
    }
  }

  /**
   * The arithmetic of transformers ({@code image_transforms.rescale}, {@code normalize}): the
   * product in float64 is rounded to float32, the rest is float32.
   *
   * @param factor the rescale factor, or NaN for none
   * @param mean of each channel, or null if nothing is normalised
   * @param std of each channel
   */
  static Normalization transformers(double factor, double[] mean, double[] std) {
    float[] rescaled = new float[LEVELS];
    for (int v = 0; v < LEVELS; v++) {
      rescaled[v] = (float) (Double.isNaN(factor) ? v : v * factor);
    }
    return new Normalization(rescaled, describe(factor), mean, std);
  }

  /**
   * The arithmetic of transformers on tensors ({@code image_processing_backends}, {@code
   * TorchvisionBackend}): all in float32.
   *
   * @param factor the rescale factor, or NaN for none
   * @param mean of each channel, or null if nothing is normalised
   * @param std of each channel
   */
  static Normalization tensors(double factor, double[] mean, double[] std) {
    float[] rescaled = new float[LEVELS];
    for (int v = 0; v < LEVELS; v++) {
      rescaled[v] = Double.isNaN(factor) ? v : v * (float) factor;
    }
    return new Normalization(rescaled, describe(factor), mean, std);
  }

  /** The arithmetic of torchvision's {@code ToTensor} and {@code Normalize}: all in float32. */
  static Normalization torchvision(double[] mean, double[] std) {
    float[] rescaled = new float[LEVELS];
    for (int v = 0; v < LEVELS; v++) {
      rescaled[v] = v / 255f;
    }
    return new Normalization(rescaled, ", rescale 1/255", mean, std);
  }

  private static String describe(double factor) {
    if (Double.isNaN(factor)) {
      return "";
    }
    return Math.abs(factor * 255 - 1) < 1e-9 ? ", rescale 1/255" : ", rescale " + factor;
  }

  /** The rescaled sample 0 … 255. */
  float rescaled(int sample) {
    return rescaled[sample];
  }

  /** A rescaled value of a channel, normalised. */
  float normalised(float value, int channel) {
    return normalizes ? (value - (float) mean[channel]) / (float) std[channel] : value;
  }

  /** The input of each sample 0 … 255 of a channel; not to be written to. */
  float[] table(int channel) {
    return tables[channel];
  }

  float[] mean() {
    return toFloats(mean);
  }

  float[] std() {
    return toFloats(std);
  }

  private static float[] toFloats(double[] values) {
    return new float[] {(float) values[0], (float) values[1], (float) values[2]};
  }

  /** The steps, to be appended to a list of steps. */
  @Override
  public String toString() {
    return normalizes
        ? rescaling + ", normalise mean " + list(mean) + " std " + list(std)
        : rescaling;
  }

  private static String list(double[] values) {
    return values[0] == values[1] && values[1] == values[2]
        ? String.valueOf(values[0])
        : "%s %s %s".formatted(values[0], values[1], values[2]);
  }
}
