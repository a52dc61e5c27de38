package io.vitj.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The rate at which memory is read in order: what an operation whose operands are in no cache can
 * reach at best. The most of several passes, since a bound is asked for.
 */
public final class MemoryBandwidth {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final long VECTOR = SPECIES.vectorByteSize();

  /** Vectors of a step, each added to a sum of its own, so that no addition waits for another. */
  private static final int SUMS = 8;

  /** What one call reads: short enough for the loop to be compiled within the first pass. */
  private static final long CHUNK = 1L << 20;

  /** So many times the last-level cache, of which a pass then finds hardly anything there. */
  private static final int CACHES = 4;

  private static final long LEAST = 128 * CHUNK;
  private static final long MOST = 1024 * CHUNK;

  /** Passes that find nothing better before the best is taken for the bound. */
  private static final int PATIENCE = 5;

  private static final int MOST_PASSES = 100;

  private static final Path CACHE_SIZES = Path.of("/sys/devices/system/cpu/cpu0/cache");
  private static final Pattern SIZE = Pattern.compile("(\\d+)K");

  private static final Map<Integer, Double> MEASURED = new ConcurrentHashMap<>();

  private MemoryBandwidth() {}

  /**
   * Measures some threads at the same time, the first time that it is asked for that number.
   *
   * @param threads the number of threads
   * @return what they read together, in GB/s
   */
  public static double of(int threads) {
    return MEASURED.computeIfAbsent(threads, MemoryBandwidth::measure);
  }

  private static double measure(int threads) {
    long chunks = Math.max(1, bufferBytes(lastLevelCache()) / threads / CHUNK);
    long part = chunks * CHUNK;
    try (Arena arena = Arena.ofShared()) {
      MemorySegment[] parts = new MemorySegment[threads];
      Together.run(threads, i -> parts[i] = arena.allocate(part, VECTOR));
      float[] sums = new float[threads];
      double best = 0;
      int passes = 0;
      for (int stale = 0; stale < PATIENCE && passes < MOST_PASSES; passes++) {
        long start = System.nanoTime();
        Together.run(threads, i -> sums[i] = read(parts[i]));
        double rate = (double) part * threads / (System.nanoTime() - start);
        stale = rate > best ? 0 : stale + 1;
        best = Math.max(best, rate);
      }
      requireRead(sums);
      return best;
    }
  }

  private static void requireRead(float... sums) {
    for (float sum : sums) {
      if (sum != 0) {
        throw new AssertionError("the memory holds zeros, and their sum must be used");
      }
    }
  }

  private static float read(MemorySegment memory) {
    float sum = 0;
    for (long at = 0; at < memory.byteSize(); at += CHUNK) {
      sum += chunk(memory, at);
    }
    return sum;
  }

  private static float chunk(MemorySegment memory, long start) {
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    for (long at = start; at < start + CHUNK; at += SUMS * VECTOR) {
      s0 = s0.add(load(memory, at));
      s1 = s1.add(load(memory, at + VECTOR));
      s2 = s2.add(load(memory, at + 2 * VECTOR));
      s3 = s3.add(load(memory, at + 3 * VECTOR));
      s4 = s4.add(load(memory, at + 4 * VECTOR));
      s5 = s5.add(load(memory, at + 5 * VECTOR));
      s6 = s6.add(load(memory, at + 6 * VECTOR));
      s7 = s7.add(load(memory, at + 7 * VECTOR));
    }
    FloatVector low = s0.add(s1).add(s2).add(s3);
    FloatVector high = s4.add(s5).add(s6).add(s7);
    return low.add(high).reduceLanes(VectorOperators.ADD);
  }

  private static FloatVector load(MemorySegment memory, long at) {
    return FloatVector.fromMemorySegment(SPECIES, memory, at, ByteOrder.nativeOrder());
  }

  /** Several times a cache, within what the memory of any machine can bear. */
  static long bufferBytes(long cacheBytes) {
    return Math.clamp(CACHES * cacheBytes, LEAST, MOST);
  }

  /** The largest cache of a core in bytes; 0 where the system does not say. */
  private static long lastLevelCache() {
    if (!Files.isDirectory(CACHE_SIZES)) {
      return 0;
    }
    long largest = 0;
    try (DirectoryStream<Path> caches = Files.newDirectoryStream(CACHE_SIZES, "index*")) {
      for (Path cache : caches) {
        Path file = cache.resolve("size");
        Matcher size = SIZE.matcher(Files.isReadable(file) ? Files.readString(file).strip() : "");
        largest = Math.max(largest, size.matches() ? Long.parseLong(size.group(1)) << 10 : 0);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return largest;
  }
}
