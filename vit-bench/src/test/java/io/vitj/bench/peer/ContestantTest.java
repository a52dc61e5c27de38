package io.vitj.bench.peer;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ContestantTest {
  @Test
  void comparesOutputsAsCloselyAsAnEngineCanBe() throws EngineFailure {
    try (Contestant vitj = contestant(EngineKind.VITJ, "works");
        Contestant single = contestant(EngineKind.ONNXRUNTIME_JAVA, "differs");
        Contestant integers = contestant(EngineKind.ONNXRUNTIME_JAVA_INT8, "differs");
        Contestant broken = contestant(EngineKind.ONNXRUNTIME_JAVA_INT8, "differs much")) {
      vitj.compare(vitj);
      assertThatThrownBy(() -> single.compare(vitj))
          .isInstanceOf(EngineFailure.class)
          .hasMessageContaining("differs from that of vitj by 3.3e-03 of the largest value")
          .hasMessageEndingWith("more than 5e-05");
      assertThatCode(() -> integers.compare(vitj)).doesNotThrowAnyException();
      assertThatThrownBy(() -> broken.compare(vitj))
          .isInstanceOf(EngineFailure.class)
          .hasMessageContaining("by 2.0e-01 of the largest value");
    }
  }

  private static Contestant contestant(EngineKind kind, String behaviour) throws EngineFailure {
    return new Contestant(kind, WorkerProcess.start("fake", FakeWorker.process(behaviour)));
  }
}
