package io.vitj.model.pipeline;

import io.vitj.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads attention probabilities (1, H, Q, T), of Q queries, row by row. */
final class AttentionRows {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private AttentionRows() {}

  private static int heads(Tensor probabilities) {
    return probabilities.shape().dim(1);
  }

  private static int queries(Tensor probabilities) {
    return probabilities.shape().dim(2);
  }

  private static int tokens(Tensor probabilities) {
    return probabilities.shape().dim(3);
  }

  private static void read(Tensor probabilities, int head, int query, float[] out, int at) {
    int tokens = tokens(probabilities);
    long row = ((long) head * queries(probabilities) + query) * tokens;
    long from = probabilities.byteOffset() + row * Float.BYTES;
    MemorySegment.copy(probabilities.segment(), FLOAT, from, out, at, tokens);
  }

  /**
   * Fuses the heads.
   *
   * @return (Q, T)
   */
  static float[] fused(Tensor probabilities, HeadFusion fusion) {
    int heads = heads(probabilities);
    int queries = queries(probabilities);
    int tokens = tokens(probabilities);
    float[] fused = new float[Math.multiplyExact(queries, tokens)];
    float[] rows = new float[heads * tokens];
    for (int query = 0; query < queries; query++) {
      for (int head = 0; head < heads; head++) {
        read(probabilities, head, query, rows, head * tokens);
      }
      fusion.fuse(rows, tokens, fused, query * tokens);
    }
    return fused;
  }

  /**
   * Averages the rows of each head.
   *
   * @param weights of the Q rows
   * @param first the first column that is kept
   * @return (H, T − first)
   */
  static float[] weighted(Tensor probabilities, double[] weights, int first) {
    int heads = heads(probabilities);
    int tokens = tokens(probabilities);
    int kept = tokens - first;
    float[] result = new float[heads * kept];
    float[] row = new float[tokens];
    for (int head = 0; head < heads; head++) {
      double[] sum = new double[kept];
      for (int query = 0; query < weights.length; query++) {
        if (weights[query] != 0) {
          read(probabilities, head, query, row, 0);
          for (int j = 0; j < kept; j++) {
            sum[j] += weights[query] * row[first + j];
          }
        }
      }
      for (int j = 0; j < kept; j++) {
        result[head * kept + j] = (float) sum[j];
      }
    }
    return result;
  }

  /**
   * Copies one head.
   *
   * @return (T, T)
   */
  static float[][] matrix(Tensor probabilities, int head) {
    int tokens = tokens(probabilities);
    float[][] matrix = new float[tokens][tokens];
    for (int query = 0; query < tokens; query++) {
      read(probabilities, head, query, matrix[query], 0);
    }
    return matrix;
  }
}
