package io.vitj.model.hub;

import static io.vitj.model.hub.FakeHub.PREPROCESSOR;
import static io.vitj.model.hub.FakeHub.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What pulls find in the cache and leave there, and who else writes to it. */
class PullCacheTest extends PullFixture {
  @Test
  void aCacheThatCannotBeWrittenIsNamed() throws IOException {
    hub.publish("org/name");
    Path file = Files.writeString(cache.resolve("file"), "");
    environment.put("HF_HUB_CACHE", file.toString());
    assertRefused("org/name", file.toString(), "cannot be written", "HF_HUB_CACHE");
  }

  @Test
  void aFileThatCannotFitIsNotStarted() {
    hub.publish("org/name")
        .next(
            "HEAD " + WEIGHTS,
            FakeHub.status(200, "ETag", "0".repeat(64), "X-Linked-Size", "1" + "0".repeat(17)));
    assertRefused("org/name", "needs 100000000000.0 MB more", "HF_HUB_CACHE");
    assertThat(hub.requests("storage GET")).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskIsNoBrokenConnection() throws IOException {
    hub.publish("org/name");
    Files.createDirectories(partial(WEIGHTS).getParent());
    Files.createSymbolicLink(partial(WEIGHTS), Path.of("/dev/full"));
    assertRefused("org/name", partial(WEIGHTS).toString(), "No space left on device", "make room");
    assertThat(hub.requests("storage GET")).hasSize(1);
  }

  @Test
  void aBlobThatWasDeletedIsFetchedAgain() throws IOException {
    hub.publish("org/name");
    Path folder = pull("org/name");
    Files.delete(blob(WEIGHTS));
    assertComplete(pull("org/name"));
    assertThat(Files.readSymbolicLink(folder.resolve(WEIGHTS)))
        .isEqualTo(Path.of("../../blobs").resolve(blob(WEIGHTS).getFileName()));
  }

  /** As huggingface_hub does for files that it fetched through Xet. */
  @Test
  void aBlobMayBeALinkIntoASharedStore() throws IOException {
    hub.publish("org/name");
    Path store = cache.resolve("blobs/ab/abcd");
    Files.createDirectories(store.getParent());
    Files.createDirectories(blob(WEIGHTS).getParent());
    Files.createSymbolicLink(blob(WEIGHTS), Path.of("../../blobs/ab/abcd"));
    Files.write(store, FakeHub.model().get(WEIGHTS));
    assertComplete(pull("org/name"));
    assertThat(hub.requests("storage GET")).isEmpty();
    Files.delete(store);
    assertComplete(pull("org/name"));
    assertThat(blob(WEIGHTS)).isRegularFile();
    assertThat(Files.isSymbolicLink(blob(WEIGHTS))).isFalse();
    assertThat(store).doesNotExist();
  }

  @Test
  void threadsFetchAFileOnce() throws Exception {
    hub.publish("org/name");
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Callable<Path> task =
          () ->
              new ModelPull(HubSettings.of(environment), TIMEOUT, PAUSE)
                  .pull(HubName.parse("org/name"), PullProgress.NONE);
      for (Future<Path> pulled : threads.invokeAll(Collections.nCopies(4, task))) {
        assertComplete(pulled.get());
      }
    }
    assertThat(hub.requests("storage GET")).hasSize(1);
    assertThat(hub.requests("GET /api/resolve-cache/")).hasSize(2);
  }

  @Test
  void anotherProcessIsWaitedFor() throws Exception {
    hub.publish("org/name");
    String etag = FakeHub.etag(PREPROCESSOR, FakeHub.model().get(PREPROCESSOR));
    Path lock = cache.resolve(".locks/models--org--name/" + etag + ".lock");
    Files.createDirectories(lock.getParent());
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                lock.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      assertThat(holder.inputReader().readLine()).isEqualTo("locked");
      Future<Path> pulled = thread.submit(() -> pull("org/name"));
      while (events.of("waiting").isEmpty()) {
        Thread.sleep(10);
      }
      assertThat(events.of("waiting"))
          .containsExactly("waiting " + PREPROCESSOR + ": another process fetches it");
      assertThat(blob(PREPROCESSOR)).doesNotExist();
      holder.outputWriter().close();
      assertComplete(pulled.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS));
    } finally {
      holder.destroyForcibly();
    }
  }
}
