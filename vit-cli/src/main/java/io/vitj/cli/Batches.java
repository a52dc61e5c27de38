package io.vitj.cli;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Loads items on threads of its own, in order, one batch ahead of whoever computes on them; so no
 * more than two batches are in memory at any time.
 *
 * @param <S> what an item is loaded from
 * @param <T> what is loaded
 */
final class Batches<S, T> implements Iterator<List<Batches.Item<S, T>>>, AutoCloseable {
  /**
   * One item.
   *
   * @param source what it was loaded from
   * @param value what was loaded, or null
   * @param failure why nothing was loaded, or null
   * @param <S> what an item is loaded from
   * @param <T> what is loaded
   */
  record Item<S, T>(S source, T value, Throwable failure) {}

  private final Iterator<S> sources;
  private final int size;
  private final Function<S, T> loader;
  private final ExecutorService threads;
  private List<Future<Item<S, T>>> ahead;

  /**
   * Starts to load the first batch.
   *
   * @param sources what to load
   * @param size items of a batch
   * @param threads number of threads that load
   * @param loader loads one item; what it throws becomes {@link Item#failure}
   */
  Batches(Iterable<S> sources, int size, int threads, Function<S, T> loader) {
    this.sources = sources.iterator();
    this.size = size;
    this.loader = loader;
    this.threads = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory());
    this.ahead = submit();
  }

  private List<Future<Item<S, T>>> submit() {
    List<Future<Item<S, T>>> batch = new ArrayList<>();
    while (batch.size() < size && sources.hasNext()) {
      S source = sources.next();
      batch.add(threads.submit(() -> load(source)));
    }
    return batch;
  }

  private Item<S, T> load(S source) {
    try {
      return new Item<>(source, loader.apply(source), null);
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      return new Item<>(source, null, e);
    }
  }

  @Override
  public boolean hasNext() {
    return !ahead.isEmpty();
  }

  /**
   * Waits for the next batch and starts to load the one after it.
   *
   * @return its items in the order of their sources
   */
  @Override
  public List<Item<S, T>> next() {
    if (ahead.isEmpty()) {
      throw new NoSuchElementException();
    }
    List<Item<S, T>> batch = new ArrayList<>();
    for (Future<Item<S, T>> item : ahead) {
      batch.add(await(item));
    }
    ahead = submit();
    return batch;
  }

  private static <R> R await(Future<R> item) {
    try {
      return item.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while images were loading", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
