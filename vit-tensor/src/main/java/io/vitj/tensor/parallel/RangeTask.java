package io.vitj.tensor.parallel;

/** Work cut into numbered pieces that may run in any order, on any thread, at the same time. */
@FunctionalInterface
public interface RangeTask {
  /**
   * Runs one piece. Its result must not depend on the worker, and no two pieces may write the same
   * memory.
   *
   * @param index the piece, 0 … pieces − 1
   * @param worker the running thread's number, 0 … workers − 1: pieces with the same worker never
   *     run at the same time, so scratch memory can be kept per worker
   */
  void run(int index, int worker);
}
