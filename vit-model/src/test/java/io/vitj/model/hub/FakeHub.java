package io.vitj.model.hub;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vitj.model.Fixtures;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * A hub on the loopback interface, and the storage host that it redirects to for large files. It
 * answers as huggingface.co does, as far as huggingface_hub 1.33 relies on that.
 */
final class FakeHub implements AutoCloseable {
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  static final String CONFIG = "config.json";
  static final String PREPROCESSOR = "preprocessor_config.json";
  static final String WEIGHTS = "model.safetensors";

  /** What a server does instead of its duty, once. */
  interface Mischief {
    /**
     * Answers a request.
     *
     * @param exchange the request
     * @param content the bytes it asks for
     * @throws IOException if the connection breaks
     */
    void answer(HttpExchange exchange, byte[] content) throws IOException;
  }

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer hub = server();
  private final HttpServer storage = server();
  private final Map<String, Map<String, byte[]>> commits = new ConcurrentHashMap<>();
  private final Map<String, String> revisions = new ConcurrentHashMap<>();
  private final Map<String, Deque<Mischief>> mischief = new ConcurrentHashMap<>();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private volatile String requiredToken;
  private volatile boolean gated;

  FakeHub() {
    hub.createContext("/", exchange -> handle("hub", exchange));
    storage.createContext("/", exchange -> handle("storage", exchange));
    hub.start();
    storage.start();
  }

  private HttpServer server() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The smallest of the golden models, as a repository. */
  static Map<String, byte[]> model() {
    Map<String, byte[]> files = new TreeMap<>();
    for (String file : List.of(CONFIG, PREPROCESSOR, WEIGHTS)) {
      try {
        files.put(file, Files.readAllBytes(Fixtures.path("hf-vit").resolve(file)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    files.put("README.md", "# A model".getBytes(StandardCharsets.UTF_8));
    return files;
  }

  /** Puts a commit into a repository, and lets a revision mean it. */
  FakeHub publish(String repository, String revision, String commit, Map<String, byte[]> files) {
    commits.put(repository + '@' + commit, files);
    revisions.put(repository + '@' + revision, commit);
    revisions.put(repository + '@' + commit, commit);
    return this;
  }

  FakeHub publish(String repository) {
    return publish(repository, "main", COMMIT, model());
  }

  /** The next request for a file's bytes is answered like this, after those said before. */
  FakeHub next(String file, Mischief answer) {
    mischief.computeIfAbsent(file, f -> new ArrayDeque<>()).add(answer);
    return this;
  }

  FakeHub require(String token) {
    requiredToken = token;
    return this;
  }

  FakeHub gate() {
    gated = true;
    return this;
  }

  /** What was asked: host, method, path, and the token and range if there were any. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  List<String> requests(String part) {
    return requests().stream().filter(request -> request.contains(part)).toList();
  }

  String endpoint() {
    return address(hub);
  }

  String storage() {
    return address(storage);
  }

  private static String address(HttpServer server) {
    return "http://" + server.getAddress().getHostString() + ':' + server.getAddress().getPort();
  }

  private void handle(String host, HttpExchange exchange) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    String path = exchange.getRequestURI().getRawPath();
    requests.add(
        host
            + ' '
            + exchange.getRequestMethod()
            + ' '
            + path
            + (headers.containsKey("Authorization") ? " " + headers.getFirst("Authorization") : "")
            + (headers.containsKey("Range") ? " " + headers.getFirst("Range") : ""));
    try (exchange) {
      List<String> parts =
          Arrays.stream(path.substring(1).split("/"))
              .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
              .toList();
      if (host.equals("storage")) {
        sendFile(exchange, parts.getLast(), find(parts));
      } else if (parts.getFirst().equals("api")) {
        api(exchange, parts);
      } else {
        resolve(exchange, parts);
      }
    }
  }

  private boolean refuses(HttpExchange exchange, boolean bytes) throws IOException {
    String token = exchange.getRequestHeaders().getFirst("Authorization");
    if (token != null && requiredToken != null && !token.equals("Bearer " + requiredToken)) {
      error(exchange, 401, "", "Invalid credentials in Authorization header");
    } else if (token == null && requiredToken != null) {
      error(exchange, 401, "RepoNotFound", "Repository not found");
    } else if (gated && bytes) {
      error(exchange, 403, "GatedRepo", "Access to model is restricted");
    } else {
      return false;
    }
    return true;
  }

  /** {@code /api/models/ID/revision/REVISION}, and the files of a small one. */
  private void api(HttpExchange exchange, List<String> parts) throws IOException {
    if (parts.get(1).equals("resolve-cache")) {
      sendFile(exchange, parts.getLast(), find(parts));
      return;
    }
    int at = parts.lastIndexOf("revision");
    String repository = String.join("/", parts.subList(2, at));
    String commit = revisions.get(repository + '@' + parts.get(at + 1));
    if (refuses(exchange, false)) {
      return;
    }
    if (mischief("list", exchange, new byte[1])) {
      return;
    }
    if (revisions.keySet().stream().noneMatch(r -> r.startsWith(repository + '@'))) {
      // the hub does not tell the unknown from the private
      error(exchange, 401, "RepoNotFound", "Repository not found");
    } else if (commit == null) {
      error(exchange, 404, "RevisionNotFound", "Invalid rev id: " + parts.get(at + 1));
    } else {
      String siblings =
          commits.get(repository + '@' + commit).keySet().stream()
              .map(file -> "{\"rfilename\":\"" + file + "\"}")
              .collect(Collectors.joining(","));
      byte[] json =
          "{\"id\":\"%s\",\"sha\":\"%s\",\"siblings\":[%s]}"
              .formatted(repository, commit, siblings)
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, json.length);
      exchange.getResponseBody().write(json);
    }
  }

  private byte[] find(List<String> parts) {
    return commits.entrySet().stream()
        .filter(entry -> parts.contains(entry.getKey().split("@")[1]))
        .map(entry -> entry.getValue().get(parts.getLast()))
        .findFirst()
        .orElseThrow();
  }

  /** {@code /ID/resolve/REVISION/FILE}: always a redirect, to the storage host for large files. */
  private void resolve(HttpExchange exchange, List<String> parts) throws IOException {
    int at = parts.indexOf("resolve");
    String repository = String.join("/", parts.subList(0, at));
    String commit = revisions.get(repository + '@' + parts.get(at + 1));
    String file = String.join("/", parts.subList(at + 2, parts.size()));
    byte[] content = commits.get(repository + '@' + commit).get(file);
    if (refuses(exchange, true)) {
      return;
    }
    if (content == null) {
      error(exchange, 404, "EntryNotFound", "Entry not found");
      return;
    }
    if (exchange.getRequestMethod().equals("HEAD") && mischief("HEAD " + file, exchange, content)) {
      return;
    }
    Headers headers = exchange.getResponseHeaders();
    headers.set("X-Repo-Commit", commit);
    if (isLarge(file)) {
      headers.set("X-Linked-Etag", '"' + etag(file, content) + '"');
      headers.set("X-Linked-Size", String.valueOf(content.length));
      headers.set("Location", address(storage) + "/repos/" + commit + '/' + file + "?sign=1");
      exchange.sendResponseHeaders(302, -1);
    } else {
      headers.set("Location", "/api/resolve-cache/models/" + commit + '/' + file);
      exchange.sendResponseHeaders(307, -1);
    }
  }

  private void sendFile(HttpExchange exchange, String file, byte[] content) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("ETag", "W/\"" + etag(file, content) + '"');
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
      exchange.sendResponseHeaders(200, -1);
    } else if (!mischief(file, exchange, content)) {
      send(exchange, content);
    }
  }

  /** Sends what was asked for: all, or from the start of a range. */
  static void send(HttpExchange exchange, byte[] content) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    if (from > 0 && from >= content.length) {
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    if (range != null) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    exchange.sendResponseHeaders(range == null ? 200 : 206, content.length - from);
    exchange.getResponseBody().write(content, from, content.length - from);
  }

  /** Promises all that was asked for, sends some and closes the connection. */
  static Mischief cutAfter(int bytes) {
    return (exchange, content) -> {
      String range = exchange.getRequestHeaders().getFirst("Range");
      int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
      exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-*/*");
      exchange.sendResponseHeaders(range == null ? 200 : 206, content.length - from);
      OutputStream body = exchange.getResponseBody();
      body.write(content, from, bytes);
      body.flush();
    };
  }

  static Mischief status(int status, String... headers) {
    return (exchange, content) -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(status, -1);
    };
  }

  static void error(HttpExchange exchange, int status, String code, String message)
      throws IOException {
    status(status, "X-Error-Code", code, "X-Error-Message", message).answer(exchange, null);
  }

  private boolean mischief(String key, HttpExchange exchange, byte[] content) throws IOException {
    Deque<Mischief> queue = mischief.get(key);
    if (queue == null || queue.isEmpty()) {
      return false;
    }
    queue.remove().answer(exchange, content);
    return true;
  }

  static boolean isLarge(String file) {
    return file.endsWith(".safetensors") || file.endsWith(".bin") || file.endsWith(".npz");
  }

  static String etag(String file, byte[] content) {
    try {
      if (isLarge(file)) {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
      }
      byte[] header = ("blob " + content.length + '\0').getBytes(StandardCharsets.US_ASCII);
      ByteBuffer blob = ByteBuffer.allocate(header.length + content.length);
      blob.put(header).put(content);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(blob.array()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    hub.stop(0);
    storage.stop(0);
    threads.shutdownNow();
  }
}
