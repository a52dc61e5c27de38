package io.vitj.model.hub;

import static io.vitj.model.hub.FakeHub.COMMIT;
import static io.vitj.model.hub.FakeHub.CONFIG;
import static io.vitj.model.hub.FakeHub.PREPROCESSOR;
import static io.vitj.model.hub.FakeHub.WEIGHTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelPullTest {
  /** Long enough for a busy machine; what waits for it to end sets a shorter one. */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private static final Duration PAUSE = Duration.ofMillis(1);

  @TempDir private Path cache;
  private final FakeHub hub = new FakeHub();
  private final Map<String, String> environment = new HashMap<>();
  private final Events events = new Events();
  private Duration timeout = TIMEOUT;

  /** Writes down what happens. */
  private static final class Events implements PullProgress {
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

  private Path pull(String name, String... files) {
    return new ModelPull(HubSettings.of(environment), timeout, PAUSE)
        .pull(HubName.parse(name), List.of(files), events);
  }

  private void assertRefused(String name, String... parts) {
    assertThatThrownBy(() -> pull(name))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  private Path blob(String file) {
    return cache.resolve(
        "models--org--name/blobs/" + FakeHub.etag(file, FakeHub.model().get(file)));
  }

  private Path partial(String file) {
    return Path.of(blob(file) + ".vitj.incomplete");
  }

  private static void assertComplete(Path folder) {
    FakeHub.model()
        .forEach(
            (file, content) -> {
              if (!file.equals("README.md")) {
                assertThat(folder.resolve(file)).hasBinaryContent(content);
              }
            });
  }

  private List<String> partials() throws IOException {
    try (Stream<Path> files = Files.walk(cache)) {
      return files.map(Path::toString).filter(f -> f.matches(".*\\.(incomplete|tmp)")).toList();
    }
  }

  @Test
  void whatAModelNeedsIsFetchedOnce() throws IOException {
    hub.publish("org/name");
    Path folder = pull("org/name");
    assertComplete(folder);
    assertThat(folder.resolve("README.md")).doesNotExist();
    assertThat(partials()).isEmpty();
    int size = FakeHub.model().get(WEIGHTS).length;
    assertThat(events.lines)
        .endsWith("begin " + WEIGHTS + ' ' + size + " 0", "end " + WEIGHTS + ' ' + size);
    int before = hub.requests().size();
    assertThat(pull("org/name")).isEqualTo(folder);
    assertThat(hub.requests()).hasSize(before + 1);
  }

  @Test
  void revisionsWithSlashesAreOnePartOfTheAddress() {
    hub.publish("solo", "refs/pr/1", COMMIT, FakeHub.model());
    assertComplete(pull("solo@refs/pr/1"));
    assertThat(hub.requests("refs%2Fpr%2F1")).hasSize(1);
    assertThat(cache.resolve("models--solo/refs/refs/pr/1")).hasContent(COMMIT);
  }

  @Test
  void aNewCommitSharesTheBytesThatStayed() throws IOException {
    hub.publish("org/name");
    Path old = pull("org/name");
    Map<String, byte[]> files = FakeHub.model();
    files.put(CONFIG, "{}".getBytes(StandardCharsets.UTF_8));
    hub.publish("org/name", "main", "f".repeat(40), files);
    Path folder = pull("org/name");
    assertThat(folder).isNotEqualTo(old);
    assertThat(folder.resolve(CONFIG)).hasContent("{}");
    assertThat(hub.requests("storage GET")).hasSize(1);
    assertThat(folder.resolve(WEIGHTS).toRealPath()).isEqualTo(old.resolve(WEIGHTS).toRealPath());
    assertComplete(old);
  }

  @Test
  void aRevisionMeansItsOldFilesUntilTheNewAreThere() {
    hub.publish("org/name");
    Path old = pull("org/name");
    Map<String, byte[]> files = FakeHub.model();
    files.put(WEIGHTS, new byte[] {1});
    hub.publish("org/name", "main", "f".repeat(40), files).next(WEIGHTS, FakeHub.status(404));
    assertRefused("org/name", "HTTP 404");
    assertThat(ModelResolver.resolve("org/name", HubSettings.of(environment))).isEqualTo(old);
  }

  @Test
  void shardsFollowTheirIndex() {
    Map<String, byte[]> files = new TreeMap<>(FakeHub.model());
    files.remove(WEIGHTS);
    files.put("model-1.safetensors", new byte[] {1});
    files.put("model-2.safetensors", new byte[] {2});
    files.put("pytorch_model.bin", new byte[] {3});
    String index = "{\"weight_map\":{\"a\":\"model-1.safetensors\",\"b\":\"model-2.safetensors\"}}";
    files.put("model.safetensors.index.json", index.getBytes(StandardCharsets.UTF_8));
    hub.publish("org/name", "main", COMMIT, files);
    Path folder = pull("org/name");
    assertThat(folder.resolve("model-1.safetensors")).hasBinaryContent(new byte[] {1});
    assertThat(folder.resolve("model-2.safetensors")).hasBinaryContent(new byte[] {2});
    assertThat(folder.resolve("pytorch_model.bin")).doesNotExist();
    assertThat(ModelResolver.resolve("org/name", HubSettings.of(environment))).isEqualTo(folder);
  }

  @Test
  void aShardThatTheRepositoryLacksIsNamed() {
    Map<String, byte[]> files = FakeHub.model();
    files.remove(WEIGHTS);
    String index = "{\"weight_map\":{\"a\":\"x.safetensors\"}}";
    files.put("model.safetensors.index.json", index.getBytes(StandardCharsets.UTF_8));
    hub.publish("org/name", "main", COMMIT, files);
    assertRefused("org/name", "org/name: has no file 'x.safetensors'");
  }

  @Test
  void filesMayBeNamed() {
    Map<String, byte[]> files = FakeHub.model();
    files.put("sub/a.bin", new byte[] {1});
    files.put("../evil", new byte[] {1});
    files.put("a:b", new byte[] {1});
    hub.publish("org/name", "main", COMMIT, files);
    Path folder = pull("org/name", "README.md");
    assertThat(folder.resolve("README.md")).hasContent("# A model");
    assertThat(folder.resolve(WEIGHTS)).doesNotExist();
    for (String wrong : List.of("no.such", "../evil", "a:b")) {
      assertThatThrownBy(() -> pull("org/name", wrong))
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith("org/name: has no file '" + wrong + "'; it has ");
    }
  }

  @Test
  void aRepositoryWithoutUsualWeightsSaysWhichItHas() {
    Map<String, byte[]> files = FakeHub.model();
    files.remove(WEIGHTS);
    hub.publish("org/name", "main", COMMIT, files);
    assertRefused("org/name", "has no weights that vitj reads");
    files.put("a.safetensors", new byte[1]);
    files.put("b.safetensors", new byte[1]);
    assertRefused("org/name", "a.safetensors, b.safetensors", "after the model");
  }

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

  private static void sleep() {
    try {
      Thread.sleep(TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
  void theTokenGoesToTheHubAndNowhereElse() throws IOException {
    hub.publish("org/name").require("hf_secret");
    environment.put("HF_TOKEN", "hf_secret");
    assertComplete(pull("org/name"));
    assertThat(hub.requests("hub ")).isNotEmpty().allMatch(r -> r.contains("Bearer hf_secret"));
    assertThat(hub.requests("storage ")).isNotEmpty().noneMatch(r -> r.contains("Bearer"));
  }

  @Test
  void aMirrorMayKnowLessThanWhereItRedirects() {
    environment.put("HF_TOKEN", "hf_secret");
    String elsewhere = hub.storage() + "/repos/" + COMMIT + '/' + CONFIG;
    hub.publish("org/name").next("HEAD " + CONFIG, FakeHub.status(308, "Location", elsewhere));
    assertComplete(pull("org/name"));
    assertThat(hub.requests("storage HEAD")).hasSize(1).noneMatch(r -> r.contains("Bearer"));
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

  @Test
  void theTokenOfALoginServes() throws IOException {
    hub.publish("org/name").require("hf_secret");
    Files.createDirectories(cache.resolve("home"));
    Files.writeString(cache.resolve("home/token"), "hf_secret\n");
    assertComplete(pull("org/name"));
  }

  @Test
  void refusalsSayWhatToDo() throws IOException {
    hub.publish("org/name");
    assertRefused(
        "org/none", "org/none: " + hub.endpoint() + " has no such model", "HF_TOKEN", "401");
    assertRefused("org/name@v9", "org/name: has no revision 'v9'", "/org/name/tree/main", "404");
    hub.gate();
    assertRefused(
        "org/name", "org/name: is gated", hub.endpoint() + "/org/name", "HF_TOKEN", "403");
    environment.put("HF_TOKEN", "hf_mine");
    assertRefused("org/name", "is gated", "account of the token in HF_TOKEN");
    assertRefused("org/none", "no such model", "whether the token in HF_TOKEN may read it");
    hub.require("hf_other");
    assertRefused("org/name", "refuses the token in HF_TOKEN", "/settings/tokens");
    environment.remove("HF_TOKEN");
    assertRefused("org/name", "has no such model; check the name, or set HF_TOKEN");
    assertThat(partials()).isEmpty();
  }

  @Test
  void rightsOfATokenAreNamed() {
    environment.put("HF_TOKEN", "hf_mine");
    hub.publish("org/name")
        .next("list", FakeHub.status(403, "X-Error-Message", "needs\tright"))
        .next(
            "list", FakeHub.status(403, "X-Error-Message", "Access to this resource is disabled."))
        .next("list", FakeHub.status(418))
        .next("HEAD " + CONFIG, FakeHub.status(404, "X-Error-Code", "EntryNotFound"));
    assertRefused("org/name", "the token in HF_TOKEN may not read it", "HTTP 403: needs");
    assertRefused("org/name", "is disabled on " + hub.endpoint());
    assertRefused("org/name", "cannot be fetched (HTTP 418)");
    assertRefused("org/name", "has no file config.json");
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

  @Test
  void offlineOnlyTheCacheIsAsked() {
    hub.publish("org/name");
    environment.put("HF_HUB_OFFLINE", "1");
    assertRefused("org/name", "is not in the cache", "HF_HUB_OFFLINE");
    environment.remove("HF_HUB_OFFLINE");
    Path folder = pull("org/name");
    int before = hub.requests().size();
    environment.put("HF_HUB_OFFLINE", "1");
    assertThat(pull("org/name")).isEqualTo(folder);
    assertThat(pull("org/name", CONFIG)).isEqualTo(folder);
    assertThatThrownBy(() -> pull("org/name", "README.md")).hasMessageContaining("HF_HUB_OFFLINE");
    assertThat(hub.requests()).hasSize(before);
  }

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
