package io.vitj.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.function.Consumer;

/**
 * Holds a reader to the memory that it may take: {@value #FACTOR} times the size of its file, as
 * {@link CheckpointFile} promises. It counts everything that is allocated on the heap, whether or
 * not it is soon garbage, and what comes from the arena.
 */
public final class Footprint {
  /** What a byte of the file may cost. */
  public static final long FACTOR = 100;

  /** Buffers of the JDK and of Jackson, and messages, whatever the file. */
  private static final long FIXED = 1 << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Footprint() {}

  /**
   * Reads, and compares what that took with the size of the file.
   *
   * @param fileBytes the size of the file
   * @param reading what reads it, in this thread; called again where it took too much, because the
   *     first time includes the loading of classes
   */
  public static void assertBounded(long fileBytes, Consumer<Arena> reading) {
    long limit = FIXED + FACTOR * fileBytes;
    if (measured(reading) > limit) {
      assertThat(measured(reading))
          .as("bytes allocated for a file of %d", fileBytes)
          .isLessThanOrEqualTo(limit);
    }
  }

  private static long measured(Consumer<Arena> reading) {
    try (Metered arena = new Metered(Arena.ofConfined())) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      reading.accept(arena);
      return THREADS.getCurrentThreadAllocatedBytes() - before + arena.bytes;
    }
  }

  private static final class Metered implements Arena {
    private final Arena arena;
    private long bytes;

    Metered(Arena arena) {
      this.arena = arena;
    }

    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
      bytes += byteSize;
      return arena.allocate(byteSize, byteAlignment);
    }

    @Override
    public MemorySegment.Scope scope() {
      return arena.scope();
    }

    @Override
    public void close() {
      arena.close();
    }
  }
}
