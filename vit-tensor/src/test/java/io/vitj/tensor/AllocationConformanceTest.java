package io.vitj.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.vitj.tensor.kernel.OnProcessorWidth;
import io.vitj.tensor.kernel.Samples;
import io.vitj.tensor.parallel.Parallel;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A warm inference allocates nothing. Until C2 has compiled a kernel its vectors are objects, so
 * the test waits for that: it fails if there is no stretch of runs without garbage before the
 * deadline.
 */
@OnProcessorWidth
class AllocationConformanceTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int RUNS = 400;

  /** For all of 21 operations; what the measurement itself allocates is spread over the runs. */
  private static final long BYTES_PER_RUN = 256;

  private static final long DEADLINE_NANOS = 60_000_000_000L;

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aWarmInferenceAllocatesNothing(int threads) {
    try (Parallel parallel = Parallel.owned(threads)) {
      SmallNetwork network = new SmallNetwork(parallel, Samples.normal(SmallNetwork.PIXELS, 1));
      long start = System.nanoTime();
      long least = Long.MAX_VALUE;
      while (least > BYTES_PER_RUN && System.nanoTime() - start < DEADLINE_NANOS) {
        long before = allocated();
        for (int i = 0; i < RUNS; i++) {
          network.run();
        }
        least = Math.min(least, (allocated() - before) / RUNS);
      }
      assertThat(least).as("bytes per inference").isLessThanOrEqualTo(BYTES_PER_RUN);
    }
  }

  /** Bytes allocated so far by this thread and the workers. */
  private static long allocated() {
    long[] workers =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("vitj-"))
            .mapToLong(Thread::threadId)
            .toArray();
    return THREADS.getCurrentThreadAllocatedBytes()
        + Arrays.stream(THREADS.getThreadAllocatedBytes(workers)).sum();
  }
}
