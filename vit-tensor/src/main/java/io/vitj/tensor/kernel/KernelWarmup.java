package io.vitj.tensor.kernel;

import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Gets the vector kernels compiled before the first inference. Until C2 has compiled a kernel every
 * vector is an object and every operation a call: a first matrix product of a ViT-B took half a
 * second. So each kernel is called on the smallest of operands until it runs at compiled speed,
 * which costs a fraction of what the same calls cost on real ones.
 */
public final class KernelWarmup {
  /** Calls between two looks at the clock. */
  private static final int CALLS = 250;

  /** Enough for every threshold of tiered compilation, if the clock should mislead. */
  private static final int MOST_CALLS = 20_000;

  /** A compiled kernel takes 0.1 µs for operands this small, an interpreted one 10 to 1000. */
  private static final long COMPILED_NANOS = 1_000;

  /** Some loop passes and a rest, so that no branch of the kernels looks dead to C2. */
  private static final int LENGTH = 69;

  private static final int DEPTH = 4;

  private static final class Once {
    static final boolean DONE = run();
  }

  private static final class Bf16 {
    static final boolean DONE = runBf16();
  }

  private KernelWarmup() {}

  /** Warms the kernels of this JVM up; does nothing the second time, nor for scalar kernels. */
  public static void once() {
    if (!Once.DONE) {
      throw new AssertionError();
    }
  }

  /** Warms up what only weights stored as BF16 need; does nothing the second time. */
  public static void bf16Once() {
    if (!Bf16.DONE) {
      throw new AssertionError();
    }
  }

  private static boolean runBf16() {
    warmBf16(KernelProvider.kernels());
    return true;
  }

  /** Calls the kernels of weights stored as BF16. */
  static void warmBf16(Kernels kernels) {
    int rows = kernels.bf16TileRows();
    if (rows > 0) {
      try (Arena arena = Arena.ofShared()) {
        long bytes = 4L * rows * kernels.blocking().tileColumns();
        MemorySegment x = arena.allocate(bytes, Tensor.ALIGNMENT);
        MemorySegment y = arena.allocate(bytes, Tensor.ALIGNMENT);
        warm(() -> bf16Tile(kernels, x, y, rows));
        warm(() -> bf16Tile(kernels, x, y, rows - 1));
      }
    }
  }

  private static boolean run() {
    Kernels kernels = KernelProvider.kernels();
    if (kernels.name().equals("vector")) {
      warm(kernels);
    }
    return true;
  }

  /** Calls every other kernel. */
  static void warm(Kernels kernels) {
    try (Arena arena = Arena.ofShared()) {
      Blocking blocking = kernels.blocking();
      int lanes = blocking.lanes();
      long floats = (long) blocking.tileRows() * blocking.tileColumns() + LENGTH;
      MemorySegment x = arena.allocate(floats * 4, Tensor.ALIGNMENT);
      MemorySegment y = arena.allocate(floats * 4, Tensor.ALIGNMENT);
      warm(() -> kernels.layerNorm(x, 0, x, 0, x, 0, 1, y, 0, LENGTH));
      warm(() -> kernels.softmaxColumns(y, 0, lanes, 1, 3, lanes));
      warm(() -> kernels.transpose(x, 0, lanes + 1, y, 0, lanes + 1, lanes + 1, lanes + 1));
      warm(() -> kernels.activate(Activation.GELU_ERF, y, 0, LENGTH, 1, LENGTH));
      warm(() -> kernels.fillRows(x, 0, y, 0, LENGTH, 1, LENGTH));
      warm(() -> kernels.addRows(x, 0, LENGTH, y, 0, LENGTH, 1, LENGTH));
      warm(() -> kernels.widen(x, 0, y, 0, 2));
      warm(() -> kernels.scale(x, 0, 1, y, 0, LENGTH));
      warm(() -> kernels.swiGlu(x, 0, x, 0, y, 0, LENGTH));
      warm(() -> kernels.rotate(y, 0, x, 0, 1, LENGTH / 2));
      int rows = blocking.tileRows();
      // Rows are dealt evenly, so tiles are of full height or one less; a single token is one.
      for (int height : new int[] {rows, rows - 1, 1}) {
        warm(() -> tile(kernels, x, y, height, blocking.tileColumns()));
        warm(() -> tile(kernels, x, y, height, lanes));
      }
    }
  }

  private static void tile(Kernels k, MemorySegment x, MemorySegment y, int rows, int columns) {
    long width = k.blocking().tileColumns();
    k.gemmTile(x, 0, DEPTH, x, 0, x, 0, y, 0, width, rows, columns, DEPTH);
  }

  private static void bf16Tile(Kernels k, MemorySegment x, MemorySegment y, int rows) {
    long width = k.blocking().tileColumns();
    k.bf16Tile(x, 0, DEPTH, x, 0, x, 0, y, 0, width, rows, DEPTH / 2);
  }

  private static void warm(Runnable kernel) {
    for (int calls = 0; calls < MOST_CALLS; calls += CALLS) {
      long start = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        kernel.run();
      }
      if (System.nanoTime() - start < CALLS * COMPILED_NANOS) {
        return;
      }
    }
  }
}
