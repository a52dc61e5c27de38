package io.vitj.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A hub, an empty cache, and pulls of the first into the second. */
abstract class PullFixture {
  /** Long enough for a busy machine; what waits for it to end sets a shorter one. */
  static final Duration TIMEOUT = Duration.ofSeconds(30);

  static final Duration PAUSE = Duration.ofMillis(1);

  @TempDir Path cache;
  final FakeHub hub = new FakeHub();
  final Map<String, String> environment = new HashMap<>();
  final Events events = new Events();
  Duration timeout = TIMEOUT;

  /** Writes down what happens. */
  static final class Events implements PullProgress {
    final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private long bytes;

    @Override
    public void begin(String file, long bytes, long present) {
      lines.add("begin " + file + ' ' + bytes + ' ' + present);
      this.bytes = present;
    }

    @Override
    public void advance(long bytes) {
      this.bytes += bytes;
    }

    @Override
    public void end(String file) {
      lines.add("end " + file + ' ' + bytes);
    }

    @Override
    public void waiting(String reason) {
      lines.add("waiting " + reason);
    }

    List<String> of(String kind) {
      return lines.stream().filter(line -> line.startsWith(kind)).toList();
    }
  }

  @BeforeEach
  void pointToTheHub() {
    environment.put("HF_HOME", cache.resolve("home").toString());
    environment.put("HF_HUB_CACHE", cache.toString());
    environment.put("HF_ENDPOINT", hub.endpoint());
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  Path pull(String name, String... files) {
    return new ModelPull(HubSettings.of(environment), timeout, PAUSE)
        .pull(HubName.parse(name), List.of(files), events);
  }

  void assertRefused(String name, String... parts) {
    assertThatThrownBy(() -> pull(name))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  Path blob(String file) {
    return cache.resolve(
        "models--org--name/blobs/" + FakeHub.etag(file, FakeHub.model().get(file)));
  }

  Path partial(String file) {
    return Path.of(blob(file) + ".vitj.incomplete");
  }

  List<String> partials() throws IOException {
    try (Stream<Path> files = Files.walk(cache)) {
      return files.map(Path::toString).filter(f -> f.matches(".*\\.(incomplete|tmp)")).toList();
    }
  }

  static void assertComplete(Path folder) {
    FakeHub.model()
        .forEach(
            (file, content) -> {
              if (!file.equals("README.md")) {
                assertThat(folder.resolve(file)).hasBinaryContent(content);
              }
            });
  }

  /** Lets a server be silent, until its thread is interrupted or every timeout is over. */
  static void sleep() {
    try {
      Thread.sleep(TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
