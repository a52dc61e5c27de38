package io.vitj.tensor.parallel;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/**
 * The threads an engine may use: a {@link ForkJoinPool}, its own or a borrowed one, and a number of
 * workers. The thread that asks for work is always one of them, so one worker means no pool at all.
 * Thread-safe.
 */
public final class Parallel implements AutoCloseable {
  private final ForkJoinPool pool;
  private final boolean owned;
  private final int workers;

  private Parallel(ForkJoinPool pool, boolean owned, int workers) {
    this.pool = pool;
    this.owned = owned;
    this.workers = workers;
  }

  /**
   * Uses the calling thread alone.
   *
   * @return one worker
   */
  public static Parallel sequential() {
    return new Parallel(null, false, 1);
  }

  /**
   * Makes a pool of its own, of daemon threads.
   *
   * @param threads the number of workers, the calling thread included
   * @return the workers; closing ends the pool
   * @throws IllegalArgumentException if threads &lt; 1
   */
  public static Parallel owned(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, not " + threads);
    }
    if (threads == 1) {
      return sequential();
    }
    ForkJoinPool pool =
        new ForkJoinPool(
            threads - 1,
            owner -> {
              ForkJoinWorkerThread thread =
                  ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(owner);
              thread.setName("vitj-" + thread.getPoolIndex());
              return thread;
            },
            null,
            false);
    return new Parallel(pool, true, threads);
  }

  /**
   * Uses somebody else's pool, with as many workers as it has threads. Calls from its own threads
   * are fine. A pool that is busy elsewhere makes an inference slower, never stuck: the calling
   * thread does whatever no other takes.
   *
   * @param pool the pool; closing this object leaves it alone
   * @return the workers
   */
  public static Parallel borrowed(ForkJoinPool pool) {
    return new Parallel(pool, false, Math.max(1, pool.getParallelism()));
  }

  /**
   * Returns the number of threads that work at the same time, the calling one included.
   *
   * @return at least 1
   */
  public int workers() {
    return workers;
  }

  /**
   * Makes a crew: the workers as one caller at a time uses them.
   *
   * @return a new crew
   */
  public Crew crew() {
    return new Crew(pool, workers);
  }

  /** Ends an owned pool; a borrowed one is left alone. */
  @Override
  public void close() {
    if (owned) {
      pool.shutdown();
    }
  }
}
