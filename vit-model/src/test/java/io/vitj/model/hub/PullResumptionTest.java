package io.vitj.model.hub;

import static io.vitj.model.hub.FakeHub.CONFIG;
import static io.vitj.model.hub.FakeHub.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads that end too early, and bytes that are not those of the file. */
class PullResumptionTest extends PullFixture {
  @Test
  void aCutConnectionIsContinuedWhereItEnded() {
    hub.publish("org/name")
        .next(WEIGHTS, FakeHub.cutAfter(1000))
        .next(WEIGHTS, FakeHub.cutAfter(500))
        .next(CONFIG, FakeHub.cutAfter(1))
        .next("list", FakeHub.cutAfter(0))
        .next("list", FakeHub.status(503));
    assertComplete(pull("org/name"));
    assertThat(hub.requests("storage GET"))
        .satisfiesExactly(
            first -> assertThat(first).doesNotContain("bytes="),
            second -> assertThat(second).endsWith("bytes=1000-"),
            third -> assertThat(third).endsWith("bytes=1500-"));
    assertThat(events.of("waiting")).isNotEmpty();
  }

  @Test
  void aConnectionThatKeepsBreakingIsGivenUpAndContinuedByTheNextRun() throws IOException {
    hub.publish("org/name");
    for (int i = 0; i < Retries.ATTEMPTS; i++) {
      hub.next(WEIGHTS, FakeHub.cutAfter(100));
    }
    assertRefused("org/name", WEIGHTS, Retries.ATTEMPTS + " times", "it continues");
    assertThat(hub.requests("storage GET")).hasSize(Retries.ATTEMPTS);
    assertThat(Files.size(partial(WEIGHTS))).isEqualTo(100L * Retries.ATTEMPTS);
    assertComplete(pull("org/name"));
    assertThat(hub.requests("storage GET").getLast()).endsWith("bytes=500-");
    assertThat(events.of("begin " + WEIGHTS).getLast()).endsWith(" 500");
  }

  @ParameterizedTest
  @CsvSource({"200", "416", "206"})
  void aServerThatCannotContinueIsAskedForAll(int status) throws IOException {
    hub.publish("org/name").next(WEIGHTS, FakeHub.cutAfter(1000));
    byte[] all = FakeHub.model().get(WEIGHTS);
    hub.next(
        WEIGHTS,
        (exchange, content) -> {
          exchange.getResponseHeaders().set("Content-Range", "bytes 7-9/10"); // not what was asked
          exchange.sendResponseHeaders(status, status == 200 ? all.length : 3);
          exchange.getResponseBody().write(content, 0, status == 200 ? all.length : 3);
        });
    assertComplete(pull("org/name"));
    assertThat(partials()).isEmpty();
  }

  @Test
  void aWrongPartFromBeforeIsFetchedAgain() throws IOException {
    hub.publish("org/name");
    Files.createDirectories(partial(WEIGHTS).getParent());
    Files.write(partial(WEIGHTS), new byte[3000]);
    assertComplete(pull("org/name"));
    assertThat(hub.requests("storage GET")).hasSize(2);
    Files.delete(blob(CONFIG));
    Files.write(partial(CONFIG), new byte[1 << 20]); // longer than the file
    assertComplete(pull("org/name"));
  }

  @Test
  void aCompletePartFromBeforeIsOnlyChecked() throws IOException {
    hub.publish("org/name");
    Files.createDirectories(partial(WEIGHTS).getParent());
    Files.write(partial(WEIGHTS), FakeHub.model().get(WEIGHTS));
    assertComplete(pull("org/name"));
    assertThat(hub.requests("storage GET")).isEmpty();
  }

  @Test
  void anInterruptedPullKeepsWhatIsThere() throws Exception {
    hub.publish("org/name")
        .next(
            WEIGHTS,
            (exchange, content) -> {
              FakeHub.cutAfter(100).answer(exchange, content);
              sleep();
            });
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<Path> pulled = thread.submit(() -> pull("org/name"));
      while (!Files.exists(partial(WEIGHTS)) || Files.size(partial(WEIGHTS)) < 100) {
        Thread.sleep(10);
      }
      thread.shutdownNow();
      assertThatThrownBy(() -> pulled.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS))
          .hasCauseInstanceOf(ModelException.class)
          .hasMessageContaining("interrupted");
    }
    assertThat(partial(WEIGHTS)).hasSize(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {CONFIG, WEIGHTS})
  void wrongBytesNeverGetIntoTheCache(String file) throws IOException {
    byte[] wrong = FakeHub.model().get(file).clone();
    wrong[5] ^= 1;
    hub.publish("org/name").next(file, (exchange, content) -> FakeHub.send(exchange, wrong));
    assertRefused(
        "org/name", file, "checksum", FakeHub.etag(file, wrong), blob(file).getFileName() + "");
    assertThat(blob(file)).doesNotExist();
    assertComplete(pull("org/name"));
  }

  @Test
  void moreBytesThanSaidAreRefused() {
    byte[] longer = Arrays.copyOf(FakeHub.model().get(WEIGHTS), 100_000);
    hub.publish("org/name").next(WEIGHTS, (exchange, content) -> FakeHub.send(exchange, longer));
    assertRefused("org/name", WEIGHTS, "more bytes");
  }
}
