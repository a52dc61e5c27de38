package io.vitj.model.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutTest {
  /** Two tokens by hand: Ã = (A + I)/2, and the product of two of them. */
  @Test
  void multipliesTheLayersFromTheLastToTheFirst() {
    float[] first = {0.5f, 0.5f, 0.25f, 0.75f};
    float[] last = {1, 0, 0.5f, 0.5f};
    Rollout.DEFAULT.augment(first, 2, true);
    Rollout.DEFAULT.augment(last, 2, true);
    assertThat(first).containsExactly(0.75f, 0.25f, 0.125f, 0.875f);
    assertThat(last).containsExactly(1, 0, 0.25f, 0.75f);
    // (¼, ¾) · first
    assertThat(Rollout.product(List.of(first, last), new double[] {0, 1}))
        .containsExactly(0.25 * 0.75 + 0.75 * 0.125, 0.25 * 0.25 + 0.75 * 0.875);
  }

  @Test
  void rowsAreNormalisedAfterTheResidual() {
    float[] a = {0.5f, 0, 0, 0};
    Rollout.DEFAULT.withFusion(HeadFusion.MIN).augment(a, 2, true);
    assertThat(a).containsExactly(1, 0, 0, 1);
    float[] b = {1, 1, 1, 1};
    Rollout.DEFAULT.withFusion(HeadFusion.MAX).augment(b, 2, true);
    assertThat(b).containsExactly(2 / 3f, 1 / 3f, 1 / 3f, 2 / 3f);
  }

  @Test
  void discardsTheSmallestButNeverTheClassTokensOwn() {
    float[] values = {0.125f, 0.75f, 0.125f, 0.25f, 0.375f, 0.375f, 0.5f, 0.25f, 0.25f};
    Rollout third = Rollout.DEFAULT.withDiscard(0.45); // ⌊0.45 · 9⌋ = 4: both ⅛, two of the ¼
    float[] kept = values.clone();
    third.augment(kept, 3, true);
    assertThat(kept)
        .containsExactly(
            1.125f / 1.875f,
            0.75f / 1.875f,
            0, // A[0, 0] stays
            0,
            1.375f / 1.75f,
            0.375f / 1.75f, // the first ¼ goes
            0.5f / 1.75f,
            0,
            1.25f / 1.75f); // and the second; the third stays
    float[] all = values.clone();
    third.augment(all, 3, false);
    assertThat(all[0]).isEqualTo(1 / 1.75f);
  }

  @Test
  void nothingIsDiscardedByDefault() {
    float[] a = {0, 0.25f, 0.75f, 1};
    Rollout.DEFAULT.withDiscard(0.2).augment(a, 2, false); // ⌊0.2 · 4⌋ = 0
    assertThat(a).containsExactly(0.8f, 0.2f, 0.75f / 2.75f, 2 / 2.75f);
  }
}
