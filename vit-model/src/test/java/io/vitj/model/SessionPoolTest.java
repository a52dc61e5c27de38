package io.vitj.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.tensor.parallel.Parallel;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SessionPoolTest {
  private static final ViTConfig CONFIG =
      ViTConfig.builder().image(8).patch(4).width(8).depth(1).heads(1).mlpHidden(8).build();

  private final Arena arena = Arena.ofShared();
  private final VisionTransformer model = VisionTransformer.of(new TestWeights(CONFIG, 1), arena);

  @AfterEach
  void free() {
    arena.close();
  }

  private SessionPool<Integer, Session> pool(int capacity) {
    return SessionPool.of(model, Parallel.sequential(), Session.Detail.RESULT, capacity);
  }

  @Test
  void reusesASessionOfTheSameBatchSize() {
    try (SessionPool<Integer, Session> pool = pool(2)) {
      Session first = pool.use(2, s -> s);
      assertThat(first.batch()).isEqualTo(2);
      assertThat(pool.<Session>use(3, s -> s)).isNotSameAs(first);
      assertThat(pool.<Session>use(2, s -> s)).isSameAs(first);
    }
  }

  @Test
  void closesTheLongestUnusedSessionForOneOfAnotherSize() {
    try (SessionPool<Integer, Session> pool = pool(2)) {
      Session oldest = pool.use(1, s -> s);
      Session other = pool.use(2, s -> s);
      pool.use(3, s -> s);
      assertThatThrownBy(oldest::run).isInstanceOf(IllegalStateException.class);
      assertThat(pool.<Session>use(2, s -> s)).isSameAs(other);
    }
  }

  @Test
  void neverHandsOutMoreThanItsCapacity() throws Exception {
    AtomicInteger inUse = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (SessionPool<Integer, Session> pool = pool(2);
        ExecutorService callers = Executors.newFixedThreadPool(6)) {
      List<Callable<Void>> calls = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        int batch = 1 + i % 3;
        calls.add(
            () ->
                pool.use(
                    batch,
                    session -> {
                      most.accumulateAndGet(inUse.incrementAndGet(), Math::max);
                      assertThat(session.batch()).isEqualTo(batch);
                      session.run();
                      inUse.decrementAndGet();
                      return null;
                    }));
      }
      for (Future<Void> call : callers.invokeAll(calls)) {
        call.get();
      }
    }
    assertThat(most.get()).isBetween(1, 2);
  }

  @Test
  void waitsWithoutBlockingThePoolItIsCalledFrom() {
    try (ForkJoinPool threads = new ForkJoinPool(1);
        SessionPool<Integer, Session> pool = pool(1)) {
      CountDownLatch waiting = new CountDownLatch(1);
      pool.use(
          1,
          mine -> {
            // The only worker waits for a session; another must take its place to count down.
            var second = threads.submit(() -> pool.use(1, s -> s.batch()));
            var third = threads.submit(waiting::countDown);
            third.join();
            assertThat(second.isDone()).isFalse();
            return null;
          });
    }
  }

  @Test
  void closingWaitsForASessionInUseAndRefusesOthers() throws Exception {
    SessionPool<Integer, Session> pool = pool(1);
    CountDownLatch inUse = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      Future<Session> user =
          threads.submit(
              () ->
                  pool.use(
                      1,
                      session -> {
                        inUse.countDown();
                        awaitUnchecked(finish);
                        session.run(); // its memory must still be there
                        return session;
                      }));
      inUse.await();
      Future<?> waiter = threads.submit(() -> pool.use(1, s -> s.batch()));
      Future<?> closer = threads.submit(pool::close);
      assertThatThrownBy(() -> waiter.get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(IllegalStateException.class);
      assertThat(closer.isDone()).isFalse();
      finish.countDown();
      Session session = user.get();
      closer.get();
      assertThatThrownBy(session::run).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> pool.use(1, s -> s.batch()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the pool of sessions is closed");
    }
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void survivesAFailureInUseAndInMakingASession() {
    try (SessionPool<Integer, Session> pool = pool(1)) {
      assertThatThrownBy(
              () ->
                  pool.use(
                      1,
                      s -> {
                        throw new ModelException("mine");
                      }))
          .hasMessage("mine");
      assertThatThrownBy(() -> pool.use(0, s -> s.batch())).isInstanceOf(ModelException.class);
      assertThat(pool.<Integer>use(2, s -> s.batch())).isEqualTo(2);
    }
  }

  @Test
  void refusesACapacityOfZero() {
    assertThatThrownBy(() -> pool(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a pool needs a capacity of at least 1, not 0");
  }
}
