package io.vitj.model.pipeline;

/** Lengths and angles of vectors, summed in double precision. */
final class Vectors {
  private Vectors() {}

  /**
   * Scales a vector to Euclidean length 1; a zero vector stays.
   *
   * @param vector overwritten
   */
  static void normalize(float... vector) {
    double squares = dot(vector, vector);
    if (squares > 0) {
      double scale = 1 / Math.sqrt(squares);
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) (vector[i] * scale);
      }
    }
  }

  /**
   * Multiplies two vectors.
   *
   * @param a any vector
   * @param b one of the same length
   * @return Σ aᵢ·bᵢ
   */
  static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
