package io.vitj.model;

import io.vitj.model.Session.Detail;
import io.vitj.tensor.parallel.Parallel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Sessions of one model, kept for reuse by batch size. There are never more than a fixed number, in
 * use and idle together: who asks for one more waits, and an idle session of another batch size
 * gives way, the longest unused first. Thread-safe.
 */
public final class SessionPool implements AutoCloseable {
  private final VisionTransformer model;
  private final Parallel parallel;
  private final Detail detail;
  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Session> idle = new ArrayDeque<>(); // longest unused first
  private int live; // idle and in use
  private boolean closed;

  /**
   * Makes an empty pool.
   *
   * @param model the model
   * @param parallel the threads of all sessions
   * @param detail what all sessions compute and keep
   * @param capacity the largest number of sessions
   * @throws IllegalArgumentException if the capacity is below 1
   */
  public SessionPool(VisionTransformer model, Parallel parallel, Detail detail, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("a pool needs a capacity of at least 1, not " + capacity);
    }
    this.model = model;
    this.parallel = parallel;
    this.detail = detail;
    this.capacity = capacity;
  }

  /**
   * Uses a session alone. It must not be kept, nor this pool be closed, by the code that uses it.
   *
   * @param <R> what the use results in
   * @param batch its batch size
   * @param use called once
   * @return what it returns
   * @throws IllegalStateException if the pool is closed
   * @throws ModelException if the batch is below 1
   */
  public <R> R use(int batch, Function<Session, R> use) {
    Session session = acquire(batch);
    try {
      return use.apply(session);
    } finally {
      release(session);
    }
  }

  private Session acquire(int batch) {
    Claim claim = new Claim(batch);
    try {
      // A worker of a ForkJoinPool that waits here is replaced, so that the pool keeps its
      // parallelism.
      ForkJoinPool.managedBlock(claim);
    } catch (InterruptedException impossible) {
      throw new AssertionError(impossible); // Claim waits uninterruptibly
    }
    if (claim.session != null) {
      return claim.session;
    }
    try {
      return new Session(model, parallel, batch, detail);
    } catch (Throwable failure) {
      forget();
      throw failure;
    }
  }

  /** Waits for a session, or for the right to make one. */
  private final class Claim implements ForkJoinPool.ManagedBlocker {
    private final int batch;
    private boolean granted;
    private Session session; // null: to be made

    Claim(int batch) {
      this.batch = batch;
    }

    @Override
    public boolean isReleasable() {
      lock.lock();
      try {
        return tryClaim();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public boolean block() {
      lock.lock();
      try {
        while (!tryClaim()) {
          changed.awaitUninterruptibly();
        }
        return true;
      } finally {
        lock.unlock();
      }
    }

    private boolean tryClaim() {
      if (granted) {
        return true;
      }
      requireOpen();
      session = takeIdle(batch);
      if (session == null && live == capacity && !idle.isEmpty()) {
        idle.removeFirst().close();
        live--;
      }
      if (session == null && live < capacity) {
        live++;
        granted = true;
      }
      granted |= session != null;
      return granted;
    }
  }

  private Session takeIdle(int batch) {
    for (Session session : idle) {
      if (session.batch() == batch) {
        idle.remove(session);
        return session;
      }
    }
    return null;
  }

  private void release(Session session) {
    lock.lock();
    try {
      if (closed) {
        session.close();
        live--;
      } else {
        idle.addLast(session);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void forget() {
    lock.lock();
    try {
      live--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the pool of sessions is closed");
    }
  }

  /** Frees the memory of all sessions. Waits for those in use; nobody gets one from now on. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      while (!idle.isEmpty()) {
        idle.removeFirst().close();
        live--;
      }
      while (live > 0) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }
}
