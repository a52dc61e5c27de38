package io.vitj.tensor.parallel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs the parallel steps of one caller. An inference is some ninety short steps; waking a sleeping
 * thread for each would cost tens of microseconds a step. So helpers are forked once per inference,
 * between {@link #begin} and {@link #end}, and take pieces of step after step, spinning in between.
 *
 * <p>Pieces are claimed one by one, so a slow or late helper delays nothing but the piece it holds,
 * and a helper that never starts is not missed: the caller claims too. {@link #run} returns when
 * all pieces are done; what they wrote is then visible to the caller and to all later pieces. Since
 * a piece computes the same whoever runs it, results do not depend on the number of threads.
 *
 * <p>For one caller at a time. Nothing is allocated after construction.
 */
public final class Crew {
  /** Distance of two hot words in longs: two cache lines, for the adjacent-line prefetcher. */
  private static final int PAD = 16;

  /** Word of {@link #words} with the step's number above 32 bits of unclaimed pieces. */
  private static final int STEP = PAD;

  /** Word of {@link #words} with the number of pieces not yet done. */
  private static final int PENDING = 2 * PAD;

  /** Word of {@link #words} that is 1 between begin and end. */
  private static final int OPEN = 3 * PAD;

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
  private static final long REMAINING = 0xffff_ffffL;

  /** About 30 µs of spinning, the time it takes to wake a parked thread. */
  private static final int SPINS = 2_000;

  private static final int YIELDS = 200;
  private static final long NAP_NANOS = 50_000;

  private final ForkJoinPool pool;
  private final Helper[] helpers;
  private final long[] words = new long[4 * PAD + PAD];

  private RangeTask task;
  private int pieces;
  private volatile Throwable failure;

  Crew(ForkJoinPool pool, int workers) {
    this.pool = pool;
    this.helpers = new Helper[workers - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = new Helper(i + 1);
    }
  }

  /**
   * Returns the number of workers.
   *
   * @return the calling thread included
   */
  public int workers() {
    return helpers.length + 1;
  }

  /** Calls the helpers in. They stay until {@link #end}. */
  public void begin() {
    WORD.setVolatile(words, OPEN, 1L);
    for (Helper helper : helpers) {
      helper.callIn();
    }
  }

  /** Lets the helpers go. */
  public void end() {
    WORD.setVolatile(words, OPEN, 0L);
  }

  /**
   * Runs all pieces of a step and waits for them. Outside {@link #begin} and {@link #end} the
   * calling thread does all the work.
   *
   * @param count the number of pieces
   * @param work what to do for each
   */
  public void run(int count, RangeTask work) {
    if (count <= 1 || helpers.length == 0) {
      for (int i = 0; i < count; i++) {
        work.run(i, 0);
      }
      return;
    }
    task = work;
    pieces = count;
    WORD.setOpaque(words, PENDING, (long) count);
    long step = (long) WORD.getOpaque(words, STEP) >>> 32;
    WORD.setVolatile(words, STEP, step + 1 << 32 | count);
    claim(0);
    awaitDone();
    if (failure != null) {
      throwFailure();
    }
  }

  /** Takes pieces of the current step until none is left. Returns whether there was any. */
  private boolean claim(int worker) {
    boolean any = false;
    for (; ; ) {
      long state = (long) WORD.getAcquire(words, STEP);
      int remaining = (int) (state & REMAINING);
      if (remaining == 0) {
        return any;
      }
      // The step's number is part of the word: a claim succeeds only for the step it was read in,
      // and then task and pieces cannot change before the claimed piece is done.
      if (WORD.compareAndSet(words, STEP, state, state - 1)) {
        any = true;
        try {
          task.run(pieces - remaining, worker);
        } catch (Throwable t) {
          failure = t;
        } finally {
          WORD.getAndAddRelease(words, PENDING, -1L);
        }
      }
    }
  }

  private void awaitDone() {
    int spins = 0;
    while ((long) WORD.getAcquire(words, PENDING) != 0) {
      if (++spins < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  private void throwFailure() {
    Throwable t = failure;
    failure = null;
    if (t instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) t;
  }

  private boolean isOpen() {
    // Volatile: with begin it is a store before a load on either side, of OPEN and of away.
    return (long) WORD.getVolatile(words, OPEN) != 0;
  }

  /**
   * A helper thread's stay. The same object is forked again for every inference: exec returns
   * false, so that the pool never marks it as complete.
   */
  private final class Helper extends ForkJoinTask<Void> {
    private static final long serialVersionUID = 1L;

    private static final VarHandle AWAY;

    static {
      try {
        AWAY = MethodHandles.lookup().findVarHandle(Helper.class, "away", boolean.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final int worker;

    /** Neither queued in the pool nor running. */
    private volatile boolean away = true;

    Helper(int worker) {
      this.worker = worker;
    }

    void callIn() {
      if (away && AWAY.compareAndSet(this, true, false)) {
        try {
          pool.execute(this);
        } catch (RejectedExecutionException e) {
          away = true; // the pool is shut down: the caller works alone
        }
      }
    }

    @Override
    public boolean exec() {
      do {
        stay();
        away = true;
        // A caller that began anew before this saw no need to fork: stay for it.
      } while (isOpen() && AWAY.compareAndSet(this, true, false));
      return false;
    }

    private void stay() {
      int idle = 0;
      // The next inference often follows at once: linger for it as long as for the next step.
      while (isOpen() || idle < SPINS) {
        if (claim(worker)) {
          idle = 0;
        } else if (++idle < SPINS) {
          Thread.onSpinWait();
        } else if (idle < SPINS + YIELDS) {
          Thread.yield();
        } else {
          LockSupport.parkNanos(NAP_NANOS);
        }
      }
    }

    @Override
    public Void getRawResult() {
      return null;
    }

    @Override
    protected void setRawResult(Void value) {
      // there is none
    }
  }
}
