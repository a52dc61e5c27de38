package io.vitj.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.vitj.tensor.parallel.Parallel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A warm inference allocates no memory of its own. Measured on the scalar kernels, in a JVM of its
 * own: the vectors of the others are objects until C2 has compiled them, which takes its time and
 * says nothing about session, layers and operations.
 */
class AllocationTest {
  private static final int RUNS = 20;

  /**
   * A run may leave a few small objects, such as the shapes of a check: nothing that grows with it.
   */
  private static final long BYTES_PER_RUN = 1024;

  /** What the JVM of its own runs: prints the bytes that {@value #RUNS} inferences allocate. */
  static final class Probe {
    private Probe() {}

    /** Measures. */
    public static void main(String[] args) {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long thread = Thread.currentThread().threadId();
      ViTConfig config =
          ViTConfig.builder().image(48).patch(8).width(72).depth(3).heads(3).mlpHidden(220).build();
      try (Arena arena = Arena.ofShared();
          Session session =
              new Session(
                  VisionTransformer.of(new TestWeights(config, 1), arena),
                  Parallel.sequential(),
                  2)) {
        run(session);
        long before = threads.getThreadAllocatedBytes(thread);
        run(session);
        System.out.println(threads.getThreadAllocatedBytes(thread) - before);
      }
    }

    private static void run(Session session) {
      for (int i = 0; i < RUNS; i++) {
        session.run();
      }
    }
  }

  @Test
  void aWarmRunAllocatesNothingOfItsOwn() throws IOException, InterruptedException {
    Process probe =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Dvitj.kernels=scalar",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Probe.class.getName()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(probe.waitFor()).isZero();
    assertThat(Long.parseLong(printed.strip())).isBetween(0L, RUNS * BYTES_PER_RUN);
  }
}
