package io.vitj.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.tensor.kernel.ForkedJvm;
import io.vitj.tensor.kernel.OnProcessorWidth;
import io.vitj.tensor.kernel.Samples;
import io.vitj.tensor.parallel.Parallel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A result has the same bits whoever computes it, with whatever other rows, compiled or not. */
@OnProcessorWidth
class SameBitsConformanceTest {
  private static final int IMAGES = 3;
  private static final float[] PIXELS = Samples.normal(IMAGES * SmallNetwork.PIXELS, 7);

  /** Enough runs to compile every kernel. */
  private static final int RUNS = 300;

  /** Prints a digest of the first result of a JVM. */
  static final class Probe {
    private Probe() {}

    public static void main(String[] args) {
      System.out.println(digest(results(Parallel.sequential(), 1)));
    }
  }

  private static float[][] results(Parallel parallel, int runs) {
    SmallNetwork network = new SmallNetwork(parallel, PIXELS);
    for (int i = 0; i < runs; i++) {
      network.run();
    }
    float[][] results = new float[IMAGES][];
    for (int image = 0; image < IMAGES; image++) {
      results[image] = network.result(image);
    }
    return results;
  }

  private static int digest(float[][] results) {
    return Arrays.deepHashCode(results);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 8})
  void withAnyNumberOfThreads(int threads) {
    float[][] alone = results(Parallel.sequential(), 1);
    try (Parallel parallel = Parallel.owned(threads)) {
      for (int i = 0; i < 5; i++) {
        assertThat(results(parallel, 2)).isDeepEqualTo(alone);
      }
    }
  }

  @Test
  void aloneOrInABatch() {
    float[][] together = results(Parallel.sequential(), 1);
    for (int image = 0; image < IMAGES; image++) {
      int from = image * SmallNetwork.PIXELS;
      float[] pixels = Arrays.copyOfRange(PIXELS, from, from + SmallNetwork.PIXELS);
      SmallNetwork network = new SmallNetwork(Parallel.sequential(), pixels);
      network.run();
      assertThat(network.result(0)).isEqualTo(together[image]);
    }
  }

  @Test
  void interpretedOrCompiled(@TempDir Path folder) throws Exception {
    int compiled = digest(results(Parallel.sequential(), RUNS));
    List<String> options = new ArrayList<>(ForkedJvm.kernelOptions());
    // C1 knows no vector instructions, so it runs what the interpreter would, only faster.
    options.add("-XX:TieredStopAtLevel=1");
    String interpreted =
        ForkedJvm.run(folder, Probe.class, options.toArray(String[]::new)).output().strip();
    assertThat(compiled).hasToString(interpreted);
  }
}
