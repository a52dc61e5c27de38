package io.vitj.model.hub;

import io.vitj.model.ModelException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a model on a hub: {@code org/name}, or {@code name} for the few without an
 * organisation, and a revision.
 *
 * <p>Source of the rules: {@code validate_repo_id} of huggingface_hub 1.33.
 *
 * @param repository {@code org/name} or {@code name}
 * @param revision a branch, a tag, a reference such as {@code refs/pr/1}, or a commit
 */
public record HubName(String repository, String revision) {
  /** The revision of a name that says none. */
  public static final String DEFAULT_REVISION = "main";

  private static final Pattern REPOSITORY =
      Pattern.compile("(?:\\b[\\w.-]{1,96}\\b/)?\\b[\\w.-]{1,96}\\b");

  /** What git allows in a reference, less what a file system may not allow in a name. */
  private static final Pattern REVISION =
      Pattern.compile("[^\\s\\p{Cntrl}~^:?*\\[\\\\\"<>|]{1,255}");

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /**
   * Makes a name.
   *
   * @throws ModelException if it cannot be one
   */
  public HubName {
    if (!isRepository(repository)) {
      throw new ModelException(
          ModelException.quote(repository) + " is no name of a model; names look like org/name");
    }
    if (!isRevision(revision)) {
      throw new ModelException(
          ModelException.quote(revision)
              + " is no revision; give a branch, a tag or a commit, as in "
              + repository
              + "@main");
    }
  }

  /**
   * Reads a name.
   *
   * @param text {@code org/name} or {@code org/name@revision}
   * @return the name
   * @throws ModelException if it is none
   */
  public static HubName parse(String text) {
    int at = text.indexOf('@');
    return at < 0
        ? new HubName(text, DEFAULT_REVISION)
        : new HubName(text.substring(0, at), text.substring(at + 1));
  }

  /**
   * Reads a text that may be a name or something else.
   *
   * @param text any text
   * @return the name, if the part before an {@code @} has its form
   * @throws ModelException if only the part after the {@code @} is wrong
   */
  static Optional<HubName> find(String text) {
    return isRepository(text.split("@", 2)[0]) ? Optional.of(parse(text)) : Optional.empty();
  }

  private static boolean isRepository(String text) {
    return REPOSITORY.matcher(text).matches()
        && !text.contains("--")
        && !text.contains("..")
        && !text.endsWith(".git");
  }

  /** The parts become folders of the cache, so none may lead out of it. */
  private static boolean isRevision(String text) {
    return REVISION.matcher(text).matches()
        && !text.contains("..")
        && Arrays.stream(text.split("/", -1)).noneMatch(p -> p.isEmpty() || p.startsWith("."));
  }

  /**
   * Tells whether the revision is a commit, which never changes.
   *
   * @return true for a full hash
   */
  boolean pinned() {
    return isCommit(revision);
  }

  /**
   * Tells whether a text is a full commit hash.
   *
   * @param text any text
   * @return true for 40 hexadecimal digits
   */
  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  /**
   * Returns the name as it is typed.
   *
   * @return {@code org/name}, with {@code @revision} unless that is the default
   */
  @Override
  public String toString() {
    return revision.equals(DEFAULT_REVISION) ? repository : repository + '@' + revision;
  }
}
