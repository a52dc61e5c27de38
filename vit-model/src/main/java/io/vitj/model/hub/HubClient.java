package io.vitj.model.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import io.vitj.model.json.JsonFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;

/**
 * Asks a hub about one repository. What may succeed when tried again is an {@link IOException};
 * what may not is a {@link ModelException}.
 *
 * <p>Source of addresses and headers: {@code file_download.py} and {@code hf_api.py} of
 * huggingface_hub 1.33.
 */
final class HubClient implements AutoCloseable {
  private static final int MAX_REDIRECTS = 10;
  private static final int MAX_LISTING_BYTES = 64 << 20;

  /** An ETag names the blob, so it must be a plain file name. */
  private static final Pattern ETAG = Pattern.compile("[0-9A-Za-z][0-9A-Za-z._-]{0,127}");

  private final HubSettings settings;
  private final HubName name;
  private final Duration timeout;
  private final HttpClient http;
  private boolean answered;

  /**
   * What a repository has at a revision.
   *
   * @param commit what the revision means
   * @param files the names of its files, with {@code /} between the parts
   */
  record Listing(String commit, List<String> files) {}

  /**
   * What a hub says about a file.
   *
   * @param etag names its bytes
   * @param bytes its size, or -1
   */
  record Metadata(String etag, long bytes) {}

  /**
   * An answer with its headers read and its body open.
   *
   * @param status the HTTP status
   * @param headers of the answer
   * @param body to be closed
   */
  record Answer(int status, HttpHeaders headers, InputStream body) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      body.close();
    }
  }

  /**
   * Makes a client; nothing is sent.
   *
   * @param settings which hub
   * @param name which repository and revision
   * @param timeout how long the hub may be silent
   */
  HubClient(HubSettings settings, HubName name, Duration timeout) {
    this.settings = settings;
    this.name = name;
    this.timeout = timeout;
    this.http =
        HttpClient.newBuilder()
            // one file arrives after another: nothing to multiplex
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  /**
   * Lists the files of the revision.
   *
   * @return the commit and its files
   * @throws IOException if trying again may help
   */
  Listing list() throws IOException {
    String address =
        "%s/api/models/%s/revision/%s"
            .formatted(settings.endpoint(), name.repository(), encode(name.revision()));
    try (Answer answer = follow("GET", address, 0, true)) {
      requireSuccess(answer, null);
      byte[] json = answer.body().readNBytes(MAX_LISTING_BYTES + 1);
      if (json.length > MAX_LISTING_BYTES) {
        throw new ModelException(address + ": sent more than " + MAX_LISTING_BYTES + " bytes");
      }
      ObjectNode listing = JsonFiles.object(json, address);
      String commit = listing.path("sha").asText();
      if (!HubName.isCommit(commit)) {
        throw new ModelException(address + ": names no commit, so this is no hub; see HF_ENDPOINT");
      }
      List<String> files = new ArrayList<>();
      for (JsonNode sibling : listing.path("siblings")) {
        files.add(sibling.path("rfilename").asText());
      }
      return new Listing(commit, files);
    }
  }

  /**
   * Asks about a file.
   *
   * @param commit where it is
   * @param file its name
   * @return what the hub says
   * @throws IOException if trying again may help
   */
  Metadata metadata(String commit, String file) throws IOException {
    String address = address(commit, file);
    try (Answer answer = follow("HEAD", address, 0, false)) {
      HttpHeaders headers = answer.headers();
      boolean redirected = answer.status() / 100 == 3;
      if (!redirected) {
        requireSuccess(answer, file);
      }
      headers
          .firstValue("X-Repo-Commit")
          .filter(answered -> !answered.equals(commit))
          .ifPresent(
              other -> {
                throw new ModelException(
                    "%s: the hub answers with commit %s".formatted(address, other));
              });
      String etag =
          etag(headers)
              .orElseThrow(
                  () ->
                      new ModelException(
                          address + ": has no usable ETag, so this is no hub; see HF_ENDPOINT"));
      Optional<String> size = headers.firstValue("X-Linked-Size");
      if (!redirected) {
        size = size.or(() -> headers.firstValue("Content-Length"));
      }
      return new Metadata(
          etag, size.filter(s -> s.matches("\\d{1,18}")).map(Long::parseLong).orElse(-1L));
    }
  }

  /** The ETag of the bytes, also where the answer is a redirect to them. */
  private static Optional<String> etag(HttpHeaders headers) {
    return headers
        .firstValue("X-Linked-Etag")
        .or(() -> headers.firstValue("ETag"))
        // servers may mark it as weak: W/"…"
        .map(value -> value.replaceFirst("^W/", "").replace("\"", ""))
        .filter(value -> ETAG.matcher(value).matches());
  }

  /**
   * Fetches a file.
   *
   * @param commit where it is
   * @param file its name
   * @param from the first byte that is wanted
   * @return the answer, to be closed: its status is 200 or 206, or 416 if there is no such byte
   * @throws IOException if trying again may help
   */
  Answer open(String commit, String file, long from) throws IOException {
    Answer answer = follow("GET", address(commit, file), from, true);
    if (from == 0 || answer.status() != 416) {
      try {
        requireSuccess(answer, file);
      } catch (RuntimeException e) {
        answer.close();
        throw e;
      }
    }
    return answer;
  }

  private String address(String commit, String file) {
    return settings.endpoint()
        + '/'
        + name.repository()
        + "/resolve/"
        + commit
        + '/'
        + encode(file).replace("%2F", "/");
  }

  private static String encode(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private void requireSuccess(Answer answer, String file) {
    if (answer.status() / 100 != 2) {
      throw new HubErrors(settings, name).refused(answer.status(), answer.headers(), file);
    }
  }

  /**
   * Follows redirects. The token goes to the hub only: storage hosts get an address that is signed,
   * and have no business with it.
   */
  private Answer follow(String method, String address, long from, boolean outside)
      throws IOException {
    URI uri = URI.create(address);
    for (int i = 0; i < MAX_REDIRECTS; i++) {
      Answer answer = send(method, uri, from);
      Optional<String> location = answer.headers().firstValue("Location");
      if (answer.status() / 100 != 3 || location.isEmpty()) {
        return answer;
      }
      URI target = redirect(uri, location.get());
      if (!outside && !isHub(target) && etag(answer.headers()).isPresent()) {
        return answer; // it says all about the file; a storage host would not
      }
      answer.close();
      uri = target;
    }
    throw new ModelException(address + ": redirected more than " + MAX_REDIRECTS + " times");
  }

  private static URI redirect(URI from, String location) {
    try {
      URI target = from.resolve(location);
      if (target.getHost() != null
          && ("https".equals(target.getScheme())
              || ("http".equals(target.getScheme()) && "http".equals(from.getScheme())))) {
        return target;
      }
    } catch (IllegalArgumentException malformed) {
      // the message below says so
    }
    throw new ModelException(
        from + ": redirects to " + ModelException.quote(location) + ", which is not secure");
  }

  private boolean isHub(URI uri) {
    URI hub = URI.create(settings.endpoint());
    return hub.getScheme().equals(uri.getScheme())
        && hub.getHost().equalsIgnoreCase(uri.getHost())
        && port(hub) == port(uri);
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
  }

  private Answer send(String method, URI uri, long from) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("User-Agent", "vitj")
            // the sizes and ranges of the hub are those of the files
            .header("Accept-Encoding", "identity");
    if (from > 0) {
      request.header("Range", "bytes=" + from + '-');
    }
    if (isHub(uri)) {
      settings.token().ifPresent(t -> request.header("Authorization", "Bearer " + t.value()));
    }
    HttpResponse<InputStream> response = await(uri, request.build());
    answered = true;
    Answer answer =
        new Answer(
            response.statusCode(), response.headers(), new StallGuard(response.body(), timeout));
    if (HubErrors.isBusy(answer.status())) {
      answer.close();
      throw HubErrors.busy(uri.getHost(), answer.status(), answer.headers());
    }
    return answer;
  }

  private HttpResponse<InputStream> await(URI uri, HttpRequest request) throws IOException {
    CompletableFuture<HttpResponse<InputStream>> response =
        http.sendAsync(request, BodyHandlers.ofInputStream());
    try {
      return response.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          uri.getHost() + " does not answer within " + StallGuard.seconds(timeout), e);
    } catch (InterruptedException e) {
      throw Retries.interrupted(e);
    } catch (ExecutionException e) {
      throw broken(uri, e.getCause());
    } finally {
      response.cancel(true);
    }
  }

  private IOException broken(URI uri, Throwable cause) throws IOException {
    if (cause instanceof SSLHandshakeException) {
      throw new ModelException(
          "%s: no secure connection: %s; check HF_ENDPOINT and the certificates that Java trusts"
              .formatted(uri.getHost(), ModelException.oneLine(String.valueOf(cause.getMessage()))),
          cause);
    }
    boolean unreached =
        cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
    if (unreached && !answered) {
      throw new ModelException(
          "%s: cannot be reached; check the network, HF_ENDPOINT and https.proxyHost"
              .formatted(uri.getHost()),
          cause);
    }
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new IOException(
        "the connection to " + uri.getHost() + " broke (" + message + ')', cause);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
