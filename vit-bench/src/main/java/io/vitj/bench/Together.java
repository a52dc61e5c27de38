package io.vitj.bench;

import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

/** Runs a measurement on several threads at the same time. */
final class Together {
  private Together() {}

  /** Calls a task with 0 to threads − 1, each in a thread of its own, and waits for all. */
  static void run(int threads, IntConsumer task) {
    CompletableFuture<?>[] others = new CompletableFuture<?>[threads - 1];
    for (int i = 0; i < others.length; i++) {
      int thread = i + 1;
      others[i] =
          CompletableFuture.runAsync(() -> task.accept(thread), body -> new Thread(body).start());
    }
    task.accept(0);
    CompletableFuture.allOf(others).join();
  }
}
