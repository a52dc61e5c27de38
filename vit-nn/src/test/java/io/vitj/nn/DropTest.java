package io.vitj.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropTest {
  @Test
  void areTheIdentityAtInference() {
    try (Fixture f = new Fixture(Fixture.SMALL)) {
      Tensor x = f.tensor(new float[] {1, Float.NaN, -3}, 3);
      assertThat(new Dropout(0.9f).forward(x)).isSameAs(x);
      assertThat(new DropPath(0.9f).forward(x)).isSameAs(x);
      assertThat(x.toFloats()).containsExactly(1, Float.NaN, -3);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {-0.1f, 1, Float.NaN})
  void refuseWhatIsNoProbability(float probability) {
    assertThatThrownBy(() -> new Dropout(probability)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DropPath(probability))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
