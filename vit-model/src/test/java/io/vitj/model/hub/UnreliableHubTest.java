package io.vitj.model.hub;

import static io.vitj.model.hub.FakeHub.CONFIG;
import static io.vitj.model.hub.FakeHub.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Servers that are busy, slow, silent, absent, or no hub. */
class UnreliableHubTest extends PullFixture {
  @Test
  void aBusyServerIsAskedAgainWhenItSays() {
    hub.publish("org/name")
        .next("list", FakeHub.status(429, "Retry-After", "0"))
        .next("HEAD " + WEIGHTS, FakeHub.status(500))
        .next(WEIGHTS, FakeHub.status(503));
    assertComplete(pull("org/name"));
    assertThat(events.of("waiting")).hasSize(3).first().asString().contains("rate", "0 s");
    hub.publish("other").next("list", FakeHub.status(429, "Retry-After", "3600"));
    assertRefused("other", "HTTP 429) and asks to wait 3600 s");
    for (int i = 0; i < Retries.ATTEMPTS; i++) {
      hub.next("list", FakeHub.status(502));
    }
    assertRefused("other", "HTTP 502), " + Retries.ATTEMPTS + " times", "again later");
  }

  @Test
  void silenceIsNotWaitedOutForEver() {
    timeout = Duration.ofMillis(500);
    hub.publish("org/name");
    for (int i = 0; i < Retries.ATTEMPTS; i++) {
      hub.next("list", (exchange, content) -> sleep());
    }
    assertRefused("org/name", "does not answer within 500 ms");
    for (int i = 0; i < Retries.ATTEMPTS; i++) {
      hub.next(
          WEIGHTS,
          (exchange, content) -> {
            FakeHub.cutAfter(100).answer(exchange, content);
            sleep();
          });
    }
    assertRefused("org/name", WEIGHTS, "nothing arrived for 500 ms");
  }

  @Test
  void aSlowServerIsWaitedForWhileBytesArrive() {
    timeout = Duration.ofSeconds(2);
    hub.publish("org/name")
        .next(
            WEIGHTS,
            (exchange, content) -> {
              exchange.sendResponseHeaders(200, content.length);
              for (int i = 0; i < 10; i++) {
                int from = content.length * i / 10;
                exchange
                    .getResponseBody()
                    .write(content, from, content.length * (i + 1) / 10 - from);
                exchange.getResponseBody().flush();
                try {
                  Thread.sleep(300);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }
            });
    assertComplete(pull("org/name"));
    assertThat(hub.requests("storage GET")).hasSize(1);
  }

  @Test
  void aHubThatIsNotThereIsNotWaitedFor() {
    environment.put("HF_ENDPOINT", "http://127.0.0.1:1");
    assertRefused("org/name", "127.0.0.1: cannot be reached", "HF_ENDPOINT");
    assertThat(events.lines).isEmpty();
  }

  @Test
  void aServerThatIsNoHubIsRecognised() {
    hub.publish("org/name")
        .next(
            "list",
            (exchange, content) ->
                FakeHub.send(exchange, "<html>".getBytes(StandardCharsets.UTF_8)))
        .next(
            "list",
            (exchange, content) -> FakeHub.send(exchange, "{}".getBytes(StandardCharsets.UTF_8)))
        .next("HEAD " + CONFIG, FakeHub.status(200))
        .next("HEAD " + CONFIG, FakeHub.status(200, "ETag", "\"../x\""))
        .next("HEAD " + CONFIG, FakeHub.status(200, "ETag", "\"x\"", "X-Repo-Commit", "other"));
    assertRefused("org/name", "/api/models/org/name/revision/main: is not valid JSON");
    assertRefused("org/name", "names no commit");
    assertRefused("org/name", CONFIG, "no usable ETag");
    assertRefused("org/name", CONFIG, "no usable ETag");
    assertRefused("org/name", CONFIG, "answers with commit other");
  }

  @Test
  void redirectsEndSomewhere() {
    hub.publish("org/name");
    for (int i = 0; i < 20; i++) {
      hub.next("HEAD " + CONFIG, FakeHub.status(307, "Location", "config.json"));
    }
    assertRefused("org/name", "redirected more than");
    hub.publish("solo").next("list", FakeHub.status(302, "Location", "file:///etc/passwd"));
    assertRefused("solo", "redirects to 'file:///etc/passwd', which is not secure");
  }
}
