package io.vitj.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Both sides of the protocol, between two processes. */
class WorkerProcessTest {
  @Test
  void answers() throws EngineFailure {
    try (WorkerProcess worker = WorkerProcess.start("fake", FakeWorker.process("works"))) {
      assertThat(worker.version()).isEqualTo("1.0 of today");
      assertThat(worker.check()).containsExactly(1, 2, -3);
      assertThat(LongStream.of(worker.run(3)).filter(nanos -> nanos >= 0)).hasSize(3);
      if (Path.of("/proc/self/status").toFile().exists()) {
        double before = worker.memory().orElseThrow();
        worker.tidy();
        assertThat(worker.memory()).hasValueSatisfying(m -> assertThat(m).isLessThan(before));
        assertThat(worker.peakMemory())
            .hasValueSatisfying(m -> assertThat(m).isGreaterThanOrEqualTo(before));
      }
    }
  }

  @Test
  void saysInOneLineWhyAnEngineFails() {
    assertFails("crashes", "fake: ended with status 3: out of luck");
    assertFails("refuses", "fake: failed: java.lang.IllegalStateException: no such model");
    assertFails("chats", "fake: answered 'Loading …' instead of ready");
    assertThatThrownBy(() -> WorkerProcess.start("none", new ProcessBuilder("/no/such/python")))
        .isInstanceOf(EngineFailure.class)
        .hasMessageStartingWith("none: cannot be started: ")
        .hasMessageContaining("/no/such/python");
    assertThatThrownBy(() -> WorkerProcess.start("other", FakeWorker.process("works")))
        .hasMessage("other: says it is 'fake 1.0 of today'");
  }

  private static void assertFails(String behaviour, String message) {
    assertThatThrownBy(() -> WorkerProcess.start("fake", FakeWorker.process(behaviour)))
        .isInstanceOf(EngineFailure.class)
        .hasMessage(message);
  }

  @Test
  void survivesACrashLater() throws EngineFailure {
    try (WorkerProcess worker = WorkerProcess.start("fake", FakeWorker.process("crashes later"))) {
      assertThatThrownBy(() -> worker.run(2))
          .isInstanceOf(EngineFailure.class)
          .hasMessage("fake: ended with status 134: out of memory");
      assertThatThrownBy(worker::check).isInstanceOf(EngineFailure.class);
    }
  }
}
