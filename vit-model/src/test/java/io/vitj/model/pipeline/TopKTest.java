package io.vitj.model.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vitj.model.ModelException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopKTest {
  private static List<String> labels(int count) {
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      labels.add("label " + i);
    }
    return labels;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 17, 99, 100})
  void equalsAFullSort(int k) {
    Random random = new Random(k);
    float[] logits = new float[100];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = random.nextInt(20); // with many ties
    }
    List<Integer> sorted = new ArrayList<>();
    for (int i = 0; i < logits.length; i++) {
      sorted.add(i);
    }
    sorted.sort(Comparator.comparingDouble(i -> -logits[i])); // stable: of ties the lower index
    assertThat(TopK.of(logits, labels(100), k, false))
        .extracting(Classification::index)
        .isEqualTo(sorted.subList(0, k));
  }

  @Test
  void scoresDoNotOverflow() {
    List<Classification> top = TopK.of(new float[] {1000, 998, -1000}, labels(3), 3, false);
    double e = Math.exp(-2);
    assertThat((double) top.get(0).score()).isCloseTo(1 / (1 + e), within(0x1p-24));
    assertThat((double) top.get(1).score()).isCloseTo(e / (1 + e), within(0x1p-24));
    assertThat(top.get(2).score()).isZero();
    assertThat(top.get(2)).isEqualTo(new Classification(2, "label 2", 0, -1000));
  }

  @Test
  void scoresEachClassForItselfWhereAskedTo() {
    List<Classification> top = TopK.of(new float[] {-1000, 0, 2}, labels(3), 3, true);
    assertThat(top).extracting(Classification::index).containsExactly(2, 1, 0);
    assertThat(top)
        .extracting(Classification::score)
        .containsExactly((float) (1 / (1 + Math.exp(-2))), 0.5f, 0f);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void refusesLogitsThatAreNoNumbers(float wrong) {
    assertThatThrownBy(() -> TopK.of(new float[] {1, wrong, 2}, labels(3), 1, false))
        .isInstanceOf(ModelException.class)
        .hasMessage("the logit of class 1 is " + wrong + "; are the model's weights intact?");
  }
}
