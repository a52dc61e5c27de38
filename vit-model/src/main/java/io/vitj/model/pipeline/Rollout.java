package io.vitj.model.pipeline;

import io.vitj.model.ModelException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Settings of attention rollout (Abnar and Zuidema, 2020, "Quantifying Attention Flow in
 * Transformers"): how much of each patch has reached a token through the attention and the residual
 * connections of several layers.
 *
 * <p>For each layer the heads are fused to one A (T, T), the residual connection is added as Ã = (A
 * + I)/2, rows are normalised to sum 1, and the layers are multiplied: R = Ã<sub>last</sub> · … ·
 * Ã<sub>first</sub>. The map of a token is its row of R.
 *
 * <p>With a discard ratio r, the ⌊r·T²⌋ smallest values of each A become 0 before the residual is
 * added, the first of equal ones first; where the model has a class token, A[0, 0], its attention
 * to itself, stays in any case. The paper knows neither this nor fusion by maximum or minimum; the
 * source is the implementation of J. Gildenblat (github.com/jacobgil/vit-explain, {@code
 * vit_rollout.py}), which however divides columns by the sums of rows; here rows are normalised as
 * in the paper.
 *
 * @param fusion how the heads of a layer become one; mean in the paper
 * @param discard the share r of the values of a layer that are discarded, from 0 to less than 1; 0
 *     in the paper
 * @param firstLayer the first layer of the product; 0 in the paper. A negative number counts from
 *     the end, −1 being the last
 * @param lastLayer the last layer of the product, whose token is asked for; −1 in the paper
 */
public record Rollout(HeadFusion fusion, double discard, int firstLayer, int lastLayer) {
  /** As in the paper: the mean of the heads, nothing discarded, all layers. */
  public static final Rollout DEFAULT = new Rollout(HeadFusion.MEAN, 0, 0, -1);

  /**
   * Validates.
   *
   * @throws ModelException if the discard ratio is out of range
   */
  public Rollout {
    Objects.requireNonNull(fusion, "fusion");
    if (!(discard >= 0 && discard < 1)) {
      throw new ModelException("the discard ratio must be at least 0 and below 1, not " + discard);
    }
  }

  /**
   * Replaces the fusion.
   *
   * @param value the fusion
   * @return settings with it
   */
  public Rollout withFusion(HeadFusion value) {
    return new Rollout(value, discard, firstLayer, lastLayer);
  }

  /**
   * Replaces the discard ratio.
   *
   * @param value the ratio r
   * @return settings with it
   * @throws ModelException if it is out of range
   */
  public Rollout withDiscard(double value) {
    return new Rollout(fusion, value, firstLayer, lastLayer);
  }

  /**
   * Replaces the layers.
   *
   * @param first the first layer of the product
   * @param last the last
   * @return settings with them
   */
  public Rollout withLayers(int first, int last) {
    return new Rollout(fusion, discard, first, last);
  }

  /**
   * Makes the factor of a layer, in place: discards, adds the residual, normalises the rows.
   *
   * @param a (T, T), the fused attention A; becomes Ã
   * @param tokens T
   * @param keepFirst whether A[0, 0] is never discarded
   */
  void augment(float[] a, int tokens, boolean keepFirst) {
    float first = a[0];
    discardSmallest(a, (int) (discard * a.length));
    if (keepFirst) {
      a[0] = first;
    }
    for (int i = 0; i < tokens; i++) {
      int row = i * tokens;
      a[row + i] += 1;
      double sum = 0; // of A + I; the factor ½ cancels
      for (int j = 0; j < tokens; j++) {
        sum += a[row + j];
      }
      for (int j = 0; j < tokens; j++) {
        a[row + j] = (float) (a[row + j] / sum);
      }
    }
  }

  private static void discardSmallest(float[] a, int count) {
    if (count == 0) {
      return;
    }
    float[] sorted = a.clone();
    Arrays.sort(sorted);
    float limit = sorted[count - 1];
    int equal = count; // how many of those at the limit go
    for (int i = 0; i < count && sorted[i] < limit; i++) {
      equal--;
    }
    for (int i = 0; i < a.length; i++) {
      if (a[i] < limit || (a[i] == limit && equal-- > 0)) {
        a[i] = 0;
      }
    }
  }

  /**
   * Scales a row to sum 1, as the rows of the layers are.
   *
   * @param row values from 0 on, not all 0
   * @return the row by its sum
   */
  static double[] normalised(float[] row) {
    double sum = 0;
    for (float value : row) {
      sum += value;
    }
    double[] scaled = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      scaled[i] = row[i] / sum;
    }
    return scaled;
  }

  /**
   * Multiplies from the left: wᵀ · Ã<sub>last</sub> · … · Ã<sub>first</sub>.
   *
   * @param layers the factors (T, T), first layer first
   * @param weights w, T weights of the tokens that ask
   * @return T values
   */
  static double[] product(List<float[]> layers, double[] weights) {
    int tokens = weights.length;
    double[] row = weights;
    for (float[] layer : layers.reversed()) {
      double[] next = new double[tokens];
      for (int i = 0; i < tokens; i++) {
        for (int j = 0; row[i] != 0 && j < tokens; j++) {
          next[j] += row[i] * layer[i * tokens + j];
        }
      }
      row = next;
    }
    return row;
  }
}
