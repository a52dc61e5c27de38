package io.vitj.model;

import io.vitj.model.Session.Detail;
import io.vitj.tensor.parallel.Parallel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Sessions of one model, kept for reuse by the size they were planned for. There are never more
 * than a fixed number, in use and idle together: who asks for one more waits, and an idle session
 * of another size gives way, the longest unused first. Thread-safe.
 *
 * @param <K> what sizes are told apart by: of images the batch
 * @param <S> the sessions
 */
public final class SessionPool<K, S> implements AutoCloseable {
  private final Function<K, S> open;
  private final Consumer<S> free;
  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Idle<K, S>> idle = new ArrayDeque<>(); // longest unused first
  private int live; // idle and in use
  private boolean closed;

  /** A session that nobody uses. */
  private record Idle<K, S>(K size, S session) {}

  /**
   * Makes an empty pool.
   *
   * @param capacity the largest number of sessions
   * @param open makes a session of a size
   * @param free frees the memory of a session
   * @throws IllegalArgumentException if the capacity is below 1
   */
  public SessionPool(int capacity, Function<K, S> open, Consumer<S> free) {
    if (capacity < 1) {
      throw new IllegalArgumentException("a pool needs a capacity of at least 1, not " + capacity);
    }
    this.capacity = capacity;
    this.open = open;
    this.free = free;
  }

  /**
   * Makes an empty pool of sessions for images, by their batch size.
   *
   * @param model the model
   * @param parallel the threads of all sessions
   * @param detail what all sessions compute and keep
   * @param capacity the largest number of sessions
   * @return the pool
   * @throws IllegalArgumentException if the capacity is below 1
   */
  public static SessionPool<Integer, Session> of(
      VisionTransformer model, Parallel parallel, Detail detail, int capacity) {
    return new SessionPool<>(
        capacity, batch -> new Session(model, parallel, batch, detail), Session::close);
  }

  /**
   * Uses a session alone. It must not be kept, nor this pool be closed, by the code that uses it.
   *
   * @param <R> what the use results in
   * @param size its size
   * @param use called once
   * @return what it returns
   * @throws IllegalStateException if the pool is closed
   * @throws ModelException if there is no session of that size
   */
  public <R> R use(K size, Function<S, R> use) {
    S session = acquire(size);
    try {
      return use.apply(session);
    } finally {
      release(size, session);
    }
  }

  private S acquire(K size) {
    Claim claim = new Claim(size);
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
      return open.apply(size);
    } catch (Throwable failure) {
      forget();
      throw failure;
    }
  }

  /** Waits for a session, or for the right to make one. */
  private final class Claim implements ForkJoinPool.ManagedBlocker {
    private final K size;
    private boolean granted;
    private S session; // null: to be made

    Claim(K size) {
      this.size = size;
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
      session = takeIdle(size);
      if (session == null && live == capacity && !idle.isEmpty()) {
        free.accept(idle.removeFirst().session());
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

  private S takeIdle(K size) {
    for (Idle<K, S> entry : idle) {
      if (entry.size().equals(size)) {
        idle.remove(entry);
        return entry.session();
      }
    }
    return null;
  }

  private void release(K size, S session) {
    lock.lock();
    try {
      if (closed) {
        free.accept(session);
        live--;
      } else {
        idle.addLast(new Idle<>(size, session));
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
        free.accept(idle.removeFirst().session());
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
