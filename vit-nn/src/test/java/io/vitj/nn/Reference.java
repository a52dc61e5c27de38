package io.vitj.nn;

import java.util.Arrays;
import java.util.Random;

/**
 * The layers in float64, written as in the papers, one element at a time. Every number carries the
 * variance that rounding to float32 on the way gives it, so that tolerances follow from the sizes
 * and magnitudes of each case.
 *
 * <p>One rounding of a value v has an error uniform in ±u·|v| with u = 2⁻²⁴, variance u²·v²/3
 * (Higham and Mary, 2019, on why such errors add up like independent ones). A sum adds the
 * variances of its terms and of its roundings; a function f multiplies by f′². Worst-case bounds
 * would grow to the size of the values within one block.
 */
final class Reference {
  private static final double U = 0x1p-24;

  /** What {@link #assertClose} allows, in standard deviations: errors are not quite independent. */
  private static final double DEVIATIONS = 8;

  /** A matrix of values with their variances, row-major. */
  static final class Matrix {
    final int rows;
    final int columns;
    final double[] value;
    final double[] variance;

    Matrix(int rows, int columns) {
      this.rows = rows;
      this.columns = columns;
      this.value = new double[rows * columns];
      this.variance = new double[rows * columns];
    }

    /** Exact float32 values. */
    static Matrix of(int rows, int columns, float[] values) {
      Matrix m = new Matrix(rows, columns);
      Arrays.setAll(m.value, i -> values[i]);
      return m;
    }

    void set(int i, double v, double s) {
      value[i] = v;
      variance[i] = s;
    }
  }

  /** A sum in the making, one float32 addition a term. */
  private static final class Sum {
    double value;
    double variance;

    void add(double term, double termVariance) {
      value += term;
      variance += termVariance + rounding(term) + rounding(value);
    }
  }

  private Reference() {}

  private static double rounding(double value) {
    return U * U * value * value / 3;
  }

  private static double square(double x) {
    return x * x;
  }

  /** Normal values of this standard deviation. */
  static float[] normal(Random random, int count, double deviation) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }

  /** x·Wᵀ + b; b may be null. */
  static Matrix linear(Matrix x, float[] weight, float[] bias) {
    return linearAdd(new Matrix(x.rows, weight.length / x.columns), x, weight, bias);
  }

  /** residual + (x·Wᵀ + b): the product is complete before it is added. */
  static Matrix linearAdd(Matrix residual, Matrix x, float[] weight, float[] bias) {
    int in = x.columns;
    int out = weight.length / in;
    Matrix y = new Matrix(x.rows, out);
    for (int r = 0; r < x.rows; r++) {
      for (int o = 0; o < out; o++) {
        Sum sum = new Sum();
        sum.add(bias == null ? 0 : bias[o], 0);
        for (int i = 0; i < in; i++) {
          double w = weight[o * in + i];
          sum.add(x.value[r * in + i] * w, x.variance[r * in + i] * w * w);
        }
        sum.add(residual.value[r * out + o], residual.variance[r * out + o]);
        y.set(r * out + o, sum.value, sum.variance);
      }
    }
    return y;
  }

  /** γ ⊙ (x − mean)/√(var + ε) + β for each row. */
  static Matrix layerNorm(Matrix x, float[] gamma, float[] beta, double epsilon) {
    int n = x.columns;
    Matrix y = new Matrix(x.rows, n);
    for (int r = 0; r < x.rows; r++) {
      Sum total = new Sum();
      for (int i = r * n; i < (r + 1) * n; i++) {
        total.add(x.value[i], x.variance[i]);
      }
      double mean = total.value / n;
      double meanVariance = total.variance / n / n + rounding(mean);
      Sum squares = new Sum();
      for (int i = r * n; i < (r + 1) * n; i++) {
        double d = x.value[i] - mean;
        double s = x.variance[i] + meanVariance + rounding(d);
        squares.add(d * d, 4 * d * d * s);
      }
      double spread = squares.value / n + epsilon;
      // 1/√spread: half the relative error of the spread, then a division, a root, a reciprocal
      double relative = squares.variance / n / n / square(2 * spread) + 4 * rounding(1);
      for (int i = 0; i < n; i++) {
        double d = x.value[r * n + i] - mean;
        double s = x.variance[r * n + i] + meanVariance + rounding(d);
        double scaled = gamma[i] * d / Math.sqrt(spread);
        double value = scaled + beta[i];
        double variance = square(gamma[i]) * s / spread + scaled * scaled * relative;
        y.set(r * n + i, value, variance + 3 * rounding(scaled) + rounding(value));
      }
    }
    return y;
  }

  /** x/2·(1 + erf(x/√2)), whose derivative lies in [−0.13, 1.13]. */
  static Matrix gelu(Matrix x) {
    Matrix y = new Matrix(x.rows, x.columns);
    for (int i = 0; i < y.value.length; i++) {
      double v = x.value[i];
      // 1 + erf cancels for negative x: its error, an ulp or two, is relative to 1, not to the
      // result.
      double variance = square(1.13) * x.variance[i] + square(2 * U * v);
      y.set(i, v / 2 * (1 + erf(v / Math.sqrt(2))), variance);
    }
    return y;
  }

  /** SiLU(g)·v for rows of gates and then values; the derivative of SiLU lies in [−0.1, 1.1]. */
  static Matrix swiGlu(Matrix x) {
    int n = x.columns / 2;
    Matrix y = new Matrix(x.rows, n);
    for (int i = 0; i < y.value.length; i++) {
      int at = i / n * 2 * n + i % n;
      double gate = x.value[at] / (1 + Math.exp(-x.value[at]));
      double gateVariance = square(1.1) * x.variance[at] + square(4 * U * gate);
      double v = x.value[at + n];
      double variance = v * v * gateVariance + gate * gate * x.variance[at + n];
      y.set(i, gate * v, variance + rounding(gate * v));
    }
    return y;
  }

  /**
   * The rotation of queries and keys by the positions of the last tokens of each image.
   *
   * @param angles the cosines and then the sines of each of these tokens
   */
  static Matrix rotate(Matrix qkv, int batch, int heads, float[] angles) {
    int tokens = qkv.rows / batch;
    int width = qkv.columns / 3;
    int head = width / heads;
    int m = head / 2;
    int prefix = tokens - angles.length / head;
    Matrix y = new Matrix(qkv.rows, qkv.columns);
    for (int i = 0; i < y.value.length; i++) {
      int column = i % qkv.columns;
      int patch = i / qkv.columns % tokens - prefix;
      if (patch < 0 || column >= 2 * width) {
        y.set(i, qkv.value[i], qkv.variance[i]);
        continue;
      }
      int plane = column % head % m;
      boolean first = column % head < m;
      int other = first ? i + m : i - m;
      double cos = angles[patch * head + plane];
      double sin = angles[patch * head + m + plane] * (first ? -1 : 1);
      Sum sum = new Sum();
      sum.add(qkv.value[i] * cos, qkv.variance[i] * cos * cos);
      sum.add(qkv.value[other] * sin, qkv.variance[other] * sin * sin);
      y.set(i, sum.value, sum.variance);
    }
    return y;
  }

  /** erf(x) = 2/√π·exp(−x²)·Σ 2ⁿ·x²ⁿ⁺¹/(2n + 1)!!, whose terms have one sign and cannot cancel. */
  private static double erf(double x) {
    double term = x;
    double sum = 0;
    for (int n = 0; sum + term != sum; n++) {
      sum += term;
      term *= 2 * x * x / (2 * n + 3);
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  /**
   * Softmax attention of every image and head over a fused (B·T, 3·D).
   *
   * @param probabilities receives (T, T) for each image and head
   */
  static Matrix attention(Matrix qkv, int batch, int heads, Matrix[] probabilities) {
    return attention(qkv, batch, heads, (head, query, key) -> 0, probabilities);
  }

  /** What is added to a score. */
  interface Bias {
    double of(int head, int query, int key);
  }

  /** The same with a bias. */
  static Matrix attention(Matrix qkv, int batch, int heads, Bias bias, Matrix[] probabilities) {
    int tokens = qkv.rows / batch;
    int width = qkv.columns / 3;
    int head = width / heads;
    Matrix out = new Matrix(qkv.rows, width);
    for (int b = 0; b < batch; b++) {
      for (int h = 0; h < heads; h++) {
        Matrix p = new Matrix(tokens, tokens);
        for (int t = 0; t < tokens; t++) {
          scores(qkv, p, b * tokens, t, h * head, head);
          for (int s = 0; s < tokens; s++) {
            int i = t * tokens + s;
            double score = p.value[i] + bias.of(h, t, s);
            p.set(i, score, p.variance[i] + rounding(score));
          }
          softmaxRow(p, t);
          weightedSums(qkv, p, out, b * tokens, t, h * head, head);
        }
        probabilities[b * heads + h] = p;
      }
    }
    return out;
  }

  private static void scores(Matrix qkv, Matrix p, int first, int t, int column, int head) {
    int width = qkv.columns / 3;
    for (int s = 0; s < p.columns; s++) {
      Sum sum = new Sum();
      for (int i = 0; i < head; i++) {
        int qi = (first + t) * qkv.columns + column + i;
        int ki = (first + s) * qkv.columns + width + column + i;
        double q = qkv.value[qi];
        double k = qkv.value[ki];
        sum.add(q * k, q * q * qkv.variance[ki] + k * k * qkv.variance[qi]);
      }
      double score = sum.value / Math.sqrt(head);
      p.set(t * p.columns + s, score, sum.variance / head + 2 * rounding(score));
    }
  }

  private static void softmaxRow(Matrix p, int t) {
    int n = p.columns;
    double max = Double.NEGATIVE_INFINITY;
    double magnitude = 0;
    double scoreVariance = 0;
    for (int s = t * n; s < (t + 1) * n; s++) {
      max = Math.max(max, p.value[s]);
      magnitude = Math.max(magnitude, Math.abs(p.value[s]));
      scoreVariance = Math.max(scoreVariance, p.variance[s]);
    }
    double sum = 0;
    for (int s = t * n; s < (t + 1) * n; s++) {
      sum += Math.exp(p.value[s] - max);
    }
    // Of numerator and denominator: the scores, their difference from the maximum and its change of
    // base; then n additions, the exponential to 2 ulp, a division.
    double exponent = scoreVariance + 2 * rounding(2 * magnitude);
    double relative = 2 * exponent + n * rounding(1) + square(2 * U) + rounding(1);
    for (int s = t * n; s < (t + 1) * n; s++) {
      double value = Math.exp(p.value[s] - max) / sum;
      p.set(s, value, value * value * relative);
    }
  }

  private static void weightedSums(
      Matrix qkv, Matrix p, Matrix out, int first, int t, int column, int head) {
    int width = qkv.columns / 3;
    for (int i = 0; i < head; i++) {
      Sum sum = new Sum();
      for (int s = 0; s < p.columns; s++) {
        int vi = (first + s) * qkv.columns + 2 * width + column + i;
        double v = qkv.value[vi];
        double w = p.value[t * p.columns + s];
        sum.add(w * v, v * v * p.variance[t * p.columns + s] + w * w * qkv.variance[vi]);
      }
      out.set((first + t) * width + column + i, sum.value, sum.variance);
    }
  }

  /** Fails unless each float lies within {@value #DEVIATIONS} standard deviations of its value. */
  static void assertClose(float[] actual, Matrix expected) {
    if (actual.length != expected.value.length) {
      throw new AssertionError(actual.length + " values, not " + expected.value.length);
    }
    for (int i = 0; i < actual.length; i++) {
      double tolerance = DEVIATIONS * Math.sqrt(expected.variance[i]) + Float.MIN_NORMAL;
      if (!(Math.abs(actual[i] - expected.value[i]) <= tolerance)) {
        throw new AssertionError(
            "row "
                + i / expected.columns
                + ", column "
                + i % expected.columns
                + ": "
                + actual[i]
                + ", reference "
                + expected.value[i]
                + " ± "
                + tolerance);
      }
    }
  }
}
