package io.vitj.model.hub;

import io.vitj.model.ModelException;
import io.vitj.model.hub.Retries.BusyException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Says in the words of a user what a hub means by a refusal.
 *
 * <p>Source of the codes: {@code hf_raise_for_status} of huggingface_hub 1.33.
 *
 * @param settings which hub, and whether a token was sent to it
 * @param name what was asked for
 */
record HubErrors(HubSettings settings, HubName name) {
  private static final String CODE = "X-Error-Code";
  private static final String MESSAGE = "X-Error-Message";

  /**
   * Tells whether a status asks to come again.
   *
   * @param status the HTTP status
   * @return true for 408, 429 and what breaks inside a server
   */
  static boolean isBusy(int status) {
    return status == 408 || status == 429 || (status >= 500 && status != 501 && status != 505);
  }

  /**
   * Makes the failure for a busy server.
   *
   * @param host the server
   * @param status the HTTP status
   * @param headers of the answer
   * @return the failure, to be thrown
   */
  static BusyException busy(String host, int status, HttpHeaders headers) {
    OptionalLong seconds = retryAfter(headers);
    return new BusyException(
        host
            + (status == 429 ? " limits the rate of requests" : " is busy or broken")
            + " (HTTP "
            + status
            + ')',
        seconds.isPresent() ? Duration.ofSeconds(seconds.getAsLong()) : null);
  }

  private static OptionalLong retryAfter(HttpHeaders headers) {
    return headers
        .firstValue("Retry-After")
        .filter(value -> value.matches("\\d{1,9}"))
        .map(value -> OptionalLong.of(Long.parseLong(value)))
        .orElse(OptionalLong.empty());
  }

  /**
   * Makes the error for a refusal of the hub.
   *
   * @param status the HTTP status
   * @param headers of the answer
   * @param file the file asked for; null for the list of files
   * @return the exception, to be thrown
   */
  ModelException refused(int status, HttpHeaders headers, String file) {
    String code = headers.firstValue(CODE).orElse("");
    String message = headers.firstValue(MESSAGE).orElse("");
    boolean unknown = code.equals("RepoNotFound") || status == 401 || status == 404;
    String reason;
    if (code.equals("RevisionNotFound")) {
      reason =
          "has no revision %s; %s/tree/main lists its branches and tags"
              .formatted(ModelException.quote(name.revision()), page());
    } else if (code.equals("EntryNotFound")) {
      reason = "has no file " + file + "; " + page() + "/tree/main lists its files";
    } else if (code.equals("GatedRepo")) {
      reason = gated();
    } else if (message.contains("is disabled")) {
      reason = "is disabled on " + settings.endpoint();
    } else if (status == 401 && message.contains("Invalid credentials")) {
      reason = invalidToken();
    } else if (unknown) {
      reason = unknown();
    } else if (status == 403) {
      reason = forbidden();
    } else {
      reason = "cannot be fetched";
    }
    return new ModelException(
        "%s: %s (HTTP %d%s)"
            .formatted(
                code.equals("RevisionNotFound") ? name.repository() : name,
                reason,
                status,
                message.isEmpty() ? "" : ": " + ModelException.oneLine(message)));
  }

  private String page() {
    return settings.endpoint() + '/' + name.repository();
  }

  private String gated() {
    String accept = "is gated: accept its conditions on " + page();
    return settings
        .token()
        .map(token -> accept + " with the account of the token in " + token.origin())
        .orElse(accept + ", then set HF_TOKEN to a token of that account");
  }

  private String invalidToken() {
    return settings
        .token()
        .map(
            token ->
                "%s refuses the token in %s; make a new one on %s/settings/tokens"
                    .formatted(settings.endpoint(), token.origin(), settings.endpoint()))
        .orElse(settings.endpoint() + " asks for a token; set HF_TOKEN");
  }

  private String unknown() {
    String absent = settings.endpoint() + " has no such model; check the name";
    return settings
        .token()
        .map(token -> absent + ", or whether the token in " + token.origin() + " may read it")
        .orElse(absent + ", or set HF_TOKEN if it is private or gated");
  }

  private String forbidden() {
    return settings
        .token()
        .map(
            token ->
                "the token in "
                    + token.origin()
                    + " may not read it; give it that right on "
                    + settings.endpoint()
                    + "/settings/tokens")
        .orElse(settings.endpoint() + " does not show it without a token; set HF_TOKEN");
  }
}
