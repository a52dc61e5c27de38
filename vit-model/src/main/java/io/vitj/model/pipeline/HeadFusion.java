package io.vitj.model.pipeline;

import java.util.Locale;

/** How the attention of a layer's heads becomes one. */
public enum HeadFusion {
  /** Their mean: rows keep the sum 1. */
  MEAN,
  /** The greatest at each place: what at least one head looks at. */
  MAX,
  /** The least at each place: what all heads look at. */
  MIN;

  /** The name as people write it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Fuses rows of attention, one a head.
   *
   * @param rows (H, n)
   * @param n the values of a row
   * @param out receives n values
   * @param at where in {@code out} they begin
   */
  void fuse(float[] rows, int n, float[] out, int at) {
    int heads = rows.length / n;
    for (int i = 0; i < n; i++) {
      double value = rows[i];
      for (int h = 1; h < heads; h++) {
        float next = rows[h * n + i];
        value =
            switch (this) {
              case MEAN -> value + next;
              case MAX -> Math.max(value, next);
              case MIN -> Math.min(value, next);
            };
      }
      out[at + i] = (float) (this == MEAN ? value / heads : value);
    }
  }
}
