package io.vitj.bench;

import io.vitj.tensor.TensorOps;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** What benchmarks of operations share. They are timed as steps inside an inference. */
public abstract class OperationState extends BenchmarkState {
  private TensorOps ops;

  /** For JMH. */
  protected OperationState() {}

  @Override
  protected final Work prepare() {
    ops = new TensorOps(arena(), parallel());
    return prepareOperands();
  }

  /**
   * Makes the operands.
   *
   * @return what one operation on them does
   */
  protected abstract Work prepareOperands();

  /** Calls the helper threads in, as at the start of an inference. */
  @Setup(Level.Iteration)
  public void begin() {
    ops.begin();
  }

  /** Lets the helper threads go. */
  @TearDown(Level.Iteration)
  public void end() {
    ops.end();
  }

  /**
   * Returns the operations.
   *
   * @return the operations, on as many threads as asked for
   */
  protected final TensorOps ops() {
    return ops;
  }
}
