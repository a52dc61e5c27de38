package io.vitj.bench;

import io.vitj.tensor.kernel.KernelProvider;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The rate of a loop that does nothing but fused multiply-adds in registers: what a matrix product
 * can reach at best, at the vector width of the kernels.
 */
public final class FmaPeak {
  /** The width of the kernels; scalar ones are held against the widest there is. */
  private static final VectorSpecies<Float> SPECIES =
      KernelProvider.kernels().name().equals("vector")
          ? VectorShape.forBitSize(KernelProvider.kernels().bits()).withLanes(float.class)
          : FloatVector.SPECIES_PREFERRED;

  /**
   * Independent sums: more than latency × units = 4 × 2 keep both FMA units of today's cores busy,
   * and 12 with two operands fit into the 16 registers of AVX2.
   */
  private static final int SUMS = 12;

  /** Steps of a sample: tens of µs, less than the scheduler lets a process run. */
  private static final int STEPS = 1 << 14;

  private static final int SAMPLES = 400;

  /** Floating-point operations of one call of {@link #run}. */
  public static final long FLOPS = 2L * SUMS * STEPS * SPECIES.length();

  /**
   * The operands. Volatile, so that they are no constants: C2 would load a vector of constants anew
   * for every FMA once the loop is inlined beside calls, which halves the rate.
   */
  private static volatile float left = 0.999f;

  private static volatile float right = 0.001f;

  private FmaPeak() {}

  /**
   * Runs the loop once: {@value #STEPS} steps of {@value #SUMS} vector FMAs.
   *
   * @return a number that depends on all of them
   */
  public static float run() {
    FloatVector x = FloatVector.broadcast(SPECIES, left);
    FloatVector y = FloatVector.broadcast(SPECIES, right);
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = FloatVector.broadcast(SPECIES, 1f);
    FloatVector s2 = FloatVector.broadcast(SPECIES, 2f);
    FloatVector s3 = FloatVector.broadcast(SPECIES, 3f);
    FloatVector s4 = FloatVector.broadcast(SPECIES, 4f);
    FloatVector s5 = FloatVector.broadcast(SPECIES, 5f);
    FloatVector s6 = FloatVector.broadcast(SPECIES, 6f);
    FloatVector s7 = FloatVector.broadcast(SPECIES, 7f);
    FloatVector s8 = FloatVector.broadcast(SPECIES, 8f);
    FloatVector s9 = FloatVector.broadcast(SPECIES, 9f);
    FloatVector s10 = FloatVector.broadcast(SPECIES, 10f);
    FloatVector s11 = FloatVector.broadcast(SPECIES, 11f);
    for (int i = 0; i < STEPS; i++) {
      s0 = x.fma(y, s0);
      s1 = x.fma(y, s1);
      s2 = x.fma(y, s2);
      s3 = x.fma(y, s3);
      s4 = x.fma(y, s4);
      s5 = x.fma(y, s5);
      s6 = x.fma(y, s6);
      s7 = x.fma(y, s7);
      s8 = x.fma(y, s8);
      s9 = x.fma(y, s9);
      s10 = x.fma(y, s10);
      s11 = x.fma(y, s11);
    }
    FloatVector low = s0.add(s1).add(s2).add(s3).add(s4).add(s5);
    FloatVector high = s6.add(s7).add(s8).add(s9).add(s10).add(s11);
    return low.add(high).reduceLanes(VectorOperators.ADD);
  }

  /**
   * Measures the peak of some threads at the same time, for some ten milliseconds.
   *
   * @param threads the number of threads
   * @return the sum of their rates in GFLOP/s, each the median of its samples
   */
  public static double measure(int threads) {
    double[] rates = new double[threads];
    Together.run(threads, thread -> rates[thread] = sample());
    return Arrays.stream(rates).sum();
  }

  private static double sample() {
    long[] nanos = new long[SAMPLES];
    float sum = 0;
    for (int i = 0; i < SAMPLES; i++) {
      long start = System.nanoTime();
      sum += run();
      nanos[i] = System.nanoTime() - start;
    }
    if (Float.isNaN(sum)) {
      throw new AssertionError("the loop must stay finite, and its result must be used");
    }
    Arrays.sort(nanos);
    return (double) FLOPS / nanos[SAMPLES / 2];
  }
}
