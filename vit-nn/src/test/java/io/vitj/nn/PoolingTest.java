package io.vitj.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vitj.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolingTest {
  private static final int BATCH = 3;
  private static final int TOKENS = 5;
  private static final int WIDTH = 17;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4})
  void takesOneToken(int index) {
    try (Fixture f = new Fixture(Fixture.SMALL)) {
      Tensor x = f.tensor(f.normal(BATCH * TOKENS * WIDTH, 1), BATCH, TOKENS, WIDTH);
      Tensor y = f.zeros(BATCH, WIDTH);
      new Pooling.Token(index).forward(f.context, x, y);
      for (int b = 0; b < BATCH; b++) {
        for (int i = 0; i < WIDTH; i++) {
          assertThat(y.get(b, i)).isEqualTo(x.get(b, index, i));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4})
  void averagesFromATokenOn(int first) {
    try (Fixture f = new Fixture(Fixture.SMALL)) {
      Tensor x = f.tensor(f.normal(BATCH * TOKENS * WIDTH, 1), BATCH, TOKENS, WIDTH);
      Tensor y = f.zeros(BATCH, WIDTH);
      f.run(() -> new Pooling.Mean(first).forward(f.context, x, y));
      for (int b = 0; b < BATCH; b++) {
        for (int i = 0; i < WIDTH; i++) {
          double sum = 0;
          double magnitude = 0;
          for (int t = first; t < TOKENS; t++) {
            sum += x.get(b, t, i);
            magnitude += Math.abs(x.get(b, t, i));
          }
          int n = TOKENS - first;
          double bound = (n + 2) * 0x1p-24 * magnitude / n; // n − 1 additions, 1/n, a product
          assertThat((double) y.get(b, i)).isCloseTo(sum / n, within(bound));
        }
      }
    }
  }

  @Test
  void putsTheFirstTokenBesideTheMean() {
    try (Fixture f = new Fixture(Fixture.SMALL)) {
      Tensor x = f.tensor(f.normal(BATCH * TOKENS * WIDTH, 1), BATCH, TOKENS, WIDTH);
      Tensor mean = f.zeros(BATCH, WIDTH);
      Tensor y = f.zeros(BATCH, 2 * WIDTH);
      f.run(() -> new Pooling.Mean(2).forward(f.context, x, mean));
      f.run(() -> new Pooling.TokenAndMean(2).forward(f.context, x, y));
      for (int b = 0; b < BATCH; b++) {
        for (int i = 0; i < WIDTH; i++) {
          assertThat(y.get(b, i)).isEqualTo(x.get(b, 0, i));
          assertThat(y.get(b, WIDTH + i)).isEqualTo(mean.get(b, i));
        }
      }
    }
  }

  @Test
  void refusesATokenThatIsNotThere() {
    try (Fixture f = new Fixture(Fixture.SMALL)) {
      Pooling pooling = new Pooling.Token(5);
      assertThatThrownBy(() -> pooling.forward(f.context, f.zeros(1, 5, 4), f.zeros(1, 4)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("cannot copy 1 tokens from 5 of (1, 5, 4) to (1, 4)");
    }
  }
}
