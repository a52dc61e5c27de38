package io.vitj.bench;

import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.parallel.Parallel;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * What all benchmarks of the engine share: threads, native memory, seeded values, and the outcome
 * that the tests compare. Every operation is timed by itself and the median reported, since a mean
 * has all that other processes take away.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(3)
public abstract class BenchmarkState {
  /** The threads that work on an operation. */
  @Param("1")
  public int threads;

  private final SplittableRandom random = new SplittableRandom(1);
  private Arena arena;
  private Parallel parallel;

  /** For JMH. */
  protected BenchmarkState() {}

  /** Makes threads and memory, then what {@link #prepare} makes. */
  @Setup
  public void open() {
    arena = Arena.ofShared();
    parallel = Parallel.owned(threads);
    CurrentWork.set(prepare());
  }

  /**
   * Releases all, after writing down the outcome where a test asks for it.
   *
   * @param params names the benchmark
   */
  @TearDown
  public void close(BenchmarkParams params) {
    Outcome.write(params, CurrentWork.get().roundings(), output());
    release();
    parallel.close();
    arena.close();
  }

  /**
   * Makes the operands.
   *
   * @return what one operation on them does
   */
  protected abstract Work prepare();

  /**
   * Returns what the benchmark computed.
   *
   * @return the result of the last operation
   */
  protected abstract Tensor output();

  /** Releases what {@link #prepare} made outside of the arena. */
  protected void release() {}

  /**
   * Returns the owner of all memory.
   *
   * @return the arena
   */
  protected final Arena arena() {
    return arena;
  }

  /**
   * Returns the threads.
   *
   * @return as many workers as asked for
   */
  protected final Parallel parallel() {
    return parallel;
  }

  /**
   * Makes a tensor of zeros.
   *
   * @param dims its shape
   * @return the tensor
   */
  protected final Tensor zeros(int... dims) {
    return Tensor.allocate(arena, Shape.of(dims));
  }

  /**
   * Makes a tensor of normal values.
   *
   * @param deviation their standard deviation
   * @param dims its shape
   * @return the tensor, the same in every run
   */
  protected final Tensor normal(double deviation, int... dims) {
    Tensor tensor = zeros(dims);
    float[] values = new float[Math.toIntExact(tensor.shape().elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return tensor.copyFrom(values);
  }

  /**
   * Makes weights whose products keep the magnitude of their input.
   *
   * @param outputs rows
   * @param inputs columns
   * @return W (outputs, inputs)
   */
  protected final Tensor weight(int outputs, int inputs) {
    return normal(1 / Math.sqrt(inputs), outputs, inputs);
  }
}
