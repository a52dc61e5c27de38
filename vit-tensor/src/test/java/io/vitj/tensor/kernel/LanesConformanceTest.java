package io.vitj.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

@OnProcessorWidth
class LanesConformanceTest {
  /** Enough calls to be interpreted first and compiled by C2 in the end. */
  private static final int CALLS = 30_000;

  @Test
  void sumsInOneOrderInterpretedAndCompiled() {
    Random random = new Random(1);
    float[] values = new float[Lanes.COUNT];
    for (int call = 0; call < CALLS; call++) {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      float[] halves = values.clone();
      for (int n = values.length / 2; n > 0; n /= 2) {
        for (int i = 0; i < n; i++) {
          halves[i] += halves[i + n];
        }
      }
      float sum = Lanes.sum(FloatVector.fromArray(Lanes.SPECIES, values, 0));
      assertThat(sum).isEqualTo(halves[0]);
    }
  }
}
