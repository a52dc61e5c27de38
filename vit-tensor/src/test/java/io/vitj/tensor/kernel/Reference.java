package io.vitj.tensor.kernel;

import static io.vitj.tensor.kernel.Bounds.TINY;
import static io.vitj.tensor.kernel.Bounds.U;

/** Operations in double precision, and checks against them with bounds of the rounding errors. */
public final class Reference {
  private Reference() {}

  /**
   * Checks a layer norm.
   *
   * <p>With h roundings in a row sum, the mean is off by δ ≤ γ(h+1)·mean|x|. The sum of squares
   * gains δ² a term and has relative error γ(h+4) (centring twice, square, sum, division), of which
   * the root takes half; then 1/√ and two products. So a normalised z is off by
   *
   * <pre>δ/√(σ²+ε) + |z|·(½·(δ²/(σ²+ε) + γ(h+4)) + 5u)</pre>
   *
   * and the result by |γ| times that and 2u·(|z·γ| + |β|).
   *
   * @param what names it
   * @param x the row
   * @param gamma γ
   * @param beta β
   * @param epsilon ε
   * @param y the result
   */
  public static void checkLayerNorm(
      String what, float[] x, float[] gamma, float[] beta, float epsilon, float[] y) {
    int n = x.length;
    double mean = 0;
    double magnitude = 0;
    for (float value : x) {
      mean += value / (double) n;
      magnitude += Math.abs(value) / (double) n;
    }
    double variance = 0;
    for (float value : x) {
      variance += (value - mean) * (value - mean) / n;
    }
    double inverse = 1 / Math.sqrt(variance + epsilon);
    int depth = Bounds.sumDepth(n);
    double shift = Bounds.gamma(depth + 1) * magnitude * inverse;
    double relative = (shift * shift + Bounds.gamma(depth + 4)) / 2 + 5 * U;
    for (int i = 0; i < n; i++) {
      double z = (x[i] - mean) * inverse;
      double scaled = z * gamma[i];
      double bound =
          Math.abs(gamma[i]) * (shift + Math.abs(z) * relative)
              + 2 * U * (Math.abs(scaled) + Math.abs(beta[i]));
      Bounds.check(what + " at " + i, y[i], scaled + beta[i], bound * 1.01 + TINY);
    }
  }

  /**
   * Takes the softmax of a scaled row.
   *
   * @param x the row
   * @param scale s
   * @return exp(s·(x − max)) / Σ exp(s·(x − max))
   */
  public static double[] softmax(double[] x, double scale) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : x) {
      max = Math.max(max, value);
    }
    double[] p = new double[x.length];
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      p[i] = Math.exp(scale * (x[i] - max));
      sum += p[i];
    }
    for (int i = 0; i < x.length; i++) {
      p[i] /= sum;
    }
    return p;
  }

  /**
   * Bounds the relative errors of a softmax: exponents z = s·(x − max) carry 2u·|z|, exponentials
   * EXP_ULP·2u more; their sum γ(h) and the mean of their errors, weighted by p; the reciprocal and
   * the product 2u.
   *
   * @param x the row
   * @param scale s
   * @param p its softmax
   * @return a bound for each element, of relative error; add TINY, since exp is flushed to zero
   */
  public static double[] softmaxBounds(double[] x, double scale, double[] p) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : x) {
      max = Math.max(max, value);
    }
    double[] bounds = new double[x.length];
    double mean = 0;
    for (int i = 0; i < x.length; i++) {
      bounds[i] = p[i] == 0 ? 0 : 2 * U * (scale * (max - x[i]) + Bounds.EXP_ULP);
      mean += p[i] * bounds[i];
    }
    double common = mean + Bounds.gamma(Bounds.sumDepth(x.length)) + 2 * U;
    for (int i = 0; i < x.length; i++) {
      bounds[i] = (bounds[i] + common) * 1.01;
    }
    return bounds;
  }

  /**
   * Checks a softmax.
   *
   * @param what names it
   * @param row the row
   * @param scale s
   * @param y the result
   */
  public static void checkSoftmax(String what, float[] row, float scale, float[] y) {
    double[] x = new double[row.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = row[i];
    }
    double[] p = softmax(x, scale);
    double[] bounds = softmaxBounds(x, scale, p);
    for (int i = 0; i < x.length; i++) {
      Bounds.check(what + " at " + i, y[i], p[i], p[i] * bounds[i] + TINY);
    }
  }
}
