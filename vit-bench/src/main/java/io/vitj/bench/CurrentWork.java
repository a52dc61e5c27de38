package io.vitj.bench;

/**
 * The work of the benchmark that this JVM runs. A JMH profiler is shown the parameters of a
 * benchmark but never its state, so the state leaves this here.
 */
final class CurrentWork {
  private static volatile Work work;

  private CurrentWork() {}

  static void set(Work current) {
    work = current;
  }

  static Work get() {
    return work;
  }
}
