package io.vitj.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NeighbourTest {
  @Test
  void isBusyUntilItIsClosed() throws InterruptedException {
    Neighbour neighbour = Launcher.neighbour();
    try (neighbour) {
      Thread.sleep(100);
      assertThat(neighbour.share()).isGreaterThan(0.05).isLessThan(2);
    }
    assertThatThrownBy(neighbour::share)
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("the neighbour ended with status ");
  }

  @Test
  void endsWithWhoStartedIt() throws IOException, InterruptedException {
    Process process = Launcher.neighbourProcess().start();
    try {
      assertThat(process.inputReader(StandardCharsets.UTF_8).readLine())
          .isEqualTo(NeighbourMain.BUSY);
      assertThat(process.isAlive()).isTrue();
      process.outputWriter(StandardCharsets.UTF_8).close(); // as the end of this process would
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void saysWhyItCannotBeStarted() {
    assertThatThrownBy(() -> Neighbour.start(new ProcessBuilder("/no/such/java")))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("the neighbour cannot be started: ")
        .hasMessageContaining("/no/such/java");
    assertThatThrownBy(() -> Neighbour.start(FakeWorker.process("chats")))
        .isInstanceOf(ModelException.class)
        .hasMessage("the neighbour does not become busy");
  }
}
