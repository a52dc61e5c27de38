package io.vitj.model.hub;

import io.vitj.model.ModelException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where models are cached and fetched from: the settings that Hugging Face's tools read from the
 * environment, so that both use one cache and one login.
 *
 * <p>Source: {@code constants.py} of huggingface_hub 1.33.
 *
 * @param cache the folder of all cached models
 * @param endpoint the hub, without a slash at its end
 * @param token proves to the hub who asks, if there is one
 * @param offline whether the network is forbidden
 * @param symlinks whether links may be tried; without them, snapshots hold the files themselves
 */
public record HubSettings(
    Path cache, String endpoint, Optional<Token> token, boolean offline, boolean symlinks) {
  private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
  private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\w+)|\\{([^}]*)})");
  private static final Pattern SENDABLE = Pattern.compile("[\\x21-\\x7e]+");

  /**
   * A secret.
   *
   * @param value what is sent
   * @param origin where it was found, for messages
   */
  public record Token(String value, String origin) {
    /**
     * Makes a token.
     *
     * @throws ModelException if it cannot be sent
     */
    public Token {
      if (!SENDABLE.matcher(value).matches()) {
        throw new ModelException(
            origin + ": holds a character that no token has; set it to the token alone");
      }
    }

    /** Messages and logs must not show the secret. */
    @Override
    public String toString() {
      return "token of " + origin;
    }
  }

  /**
   * Reads the environment of this process.
   *
   * @return the settings
   * @throws ModelException if a variable has a value that cannot be used
   */
  public static HubSettings fromEnvironment() {
    return of(System.getenv());
  }

  /**
   * Reads an environment.
   *
   * @param variables values by name; an empty value counts as none
   * @return the settings
   * @throws ModelException if a variable has a value that cannot be used
   */
  static HubSettings of(Map<String, String> variables) {
    Environment environment = new Environment(variables);
    Path home =
        environment
            .path("HF_HOME")
            .orElseGet(
                () ->
                    environment
                        .path("XDG_CACHE_HOME")
                        .orElseGet(() -> Path.of(environment.userHome(), ".cache"))
                        .resolve("huggingface"));
    Path cache =
        environment
            .path("HF_HUB_CACHE")
            .or(() -> environment.path("HUGGINGFACE_HUB_CACHE"))
            .orElseGet(() -> home.resolve("hub"));
    return new HubSettings(
        cache.toAbsolutePath().normalize(),
        endpoint(environment.text("HF_ENDPOINT").orElse("https://huggingface.co")),
        environment.flag("HF_HUB_DISABLE_IMPLICIT_TOKEN")
            ? Optional.empty()
            : token(environment, home),
        environment.flag("HF_HUB_OFFLINE") || environment.flag("TRANSFORMERS_OFFLINE"),
        !environment.flag("HF_HUB_DISABLE_SYMLINKS"));
  }

  private static String endpoint(String text) {
    String endpoint = text.replaceFirst("/+$", "");
    try {
      URI uri = URI.create(endpoint);
      if (uri.getHost() != null
          && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
          && uri.getQuery() == null
          && uri.getFragment() == null
          && uri.getUserInfo() == null) {
        return endpoint;
      }
    } catch (IllegalArgumentException malformed) {
      // the message below says so
    }
    throw new ModelException(
        "HF_ENDPOINT is "
            + ModelException.quote(text)
            + "; it must be the address of a hub, such as https://huggingface.co");
  }

  private static Optional<Token> token(Environment environment, Path home) {
    for (String name : new String[] {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
      Optional<String> value = environment.text(name).map(String::strip).filter(t -> !t.isEmpty());
      if (value.isPresent()) {
        return Optional.of(new Token(value.get(), name));
      }
    }
    Path file = environment.path("HF_TOKEN_PATH").orElseGet(() -> home.resolve("token"));
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      String value = Files.readString(file).strip();
      return value.isEmpty() ? Optional.empty() : Optional.of(new Token(value, file.toString()));
    } catch (IOException e) {
      throw new ModelException(file + ": cannot be read: " + ModelException.reason(e), e);
    }
  }

  /** Environment variables as Python's tools understand them. */
  private record Environment(Map<String, String> variables) {
    Optional<String> text(String name) {
      return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
    }

    boolean flag(String name) {
      return text(name).map(v -> TRUE.contains(v.toUpperCase(Locale.ROOT))).orElse(false);
    }

    Optional<Path> path(String name) {
      return text(name).map(value -> Path.of(expand(value)));
    }

    private String expand(String path) {
      String absolute = path.matches("~(?:[/\\\\].*)?") ? userHome() + path.substring(1) : path;
      return VARIABLE
          .matcher(absolute)
          .replaceAll(
              found -> {
                String name = found.group(1) == null ? found.group(2) : found.group(1);
                return Matcher.quoteReplacement(variables.getOrDefault(name, found.group()));
              });
    }

    /** In a container the user often has no entry that {@code user.home} could come from. */
    String userHome() {
      boolean windows = System.getProperty("os.name").startsWith("Windows");
      return text(windows ? "USERPROFILE" : "HOME")
          .orElseGet(() -> System.getProperty("user.home"));
    }
  }
}
