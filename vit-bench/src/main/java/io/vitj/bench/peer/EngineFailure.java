package io.vitj.bench.peer;

/** An engine that cannot go on. The message is one line that begins with its name. */
final class EngineFailure extends Exception {
  private static final long serialVersionUID = 1L;

  EngineFailure(String engine, String what) {
    super(engine + ": " + what);
  }
}
