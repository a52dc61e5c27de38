package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In processes of their own, because the environment says which hub and which cache. */
class PullCommandTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @TempDir private Path folder;
  private HttpServer hub;

  @BeforeEach
  void offerTheBundledModel() throws Exception {
    hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    List<String> siblings = new ArrayList<>();
    try (var files = Files.list(BundledModel.path())) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        siblings.add("{\"rfilename\":\"" + name + "\"}");
        byte[] bytes = Fixtures.bytes(file);
        String etag = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        serve("/org/name/resolve/" + COMMIT + '/' + name, bytes, etag);
      }
    }
    String listing =
        "{\"sha\":\"%s\",\"siblings\":[%s]}".formatted(COMMIT, String.join(",", siblings));
    serve(
        "/api/models/org/name/revision/main", listing.getBytes(StandardCharsets.UTF_8), "listing");
    hub.start();
  }

  private void serve(String path, byte[] bytes, String etag) {
    hub.createContext(
        path,
        exchange -> {
          try (exchange) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.getResponseHeaders().set("ETag", '"' + etag + '"');
            exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(bytes.length));
            exchange.sendResponseHeaders(200, head ? -1 : bytes.length);
            if (!head) {
              exchange.getResponseBody().write(bytes);
            }
          }
        });
  }

  @AfterEach
  void stop() {
    hub.stop(0);
  }

  private Run vit(String... args) throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    line.addAll(List.of(args));
    ProcessBuilder process = new ProcessBuilder(line);
    process
        .environment()
        .putAll(
            Map.of(
                "HF_HOME",
                folder.toString(),
                "HF_HUB_CACHE",
                folder.resolve("hub").toString(),
                "HF_HUB_OFFLINE",
                "0",
                "HF_ENDPOINT",
                "http://127.0.0.1:" + hub.getAddress().getPort()));
    Path err = folder.resolve("err");
    Process vit = process.redirectError(err.toFile()).start();
    String out = new String(vit.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(vit.waitFor(), out, Files.readString(err));
  }

  @Test
  void whatWasPulledIsFoundByName() throws Exception {
    Run missing = vit("info", "--model", "org/name");
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.err()).contains("run 'vit pull org/name'");
    Run pull = vit("pull", "org/name");
    assertThat(pull.code()).as(pull.err()).isZero();
    Path snapshot = folder.resolve("hub/models--org--name/snapshots").resolve(COMMIT);
    assertThat(pull.out().strip()).isEqualTo(snapshot.toString());
    assertThat(pull.err()).doesNotContain("[");
    hub.stop(0);
    Run info = vit("info", "--model", "org/name", "--format", "json");
    assertThat(info.code()).as(info.err()).isZero();
    assertThat(Fixtures.json(info.out()).get("model").asText()).isEqualTo("org/name");
  }

  @Test
  void aWrongNameIsOneLine() {
    Run run = Run.vit("pull", "./model");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.complaint()).contains("'./model' is no name of a model");
    assertThat(Run.vit("pull").code()).isEqualTo(2);
  }
}
