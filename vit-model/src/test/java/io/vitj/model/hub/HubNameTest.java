package io.vitj.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ModelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubNameTest {
  @ParameterizedTest
  @CsvSource({
    "google/vit-base-patch16-224, google/vit-base-patch16-224, main",
    "resnet, resnet, main",
    "Foo-BAR_foo.bar123, Foo-BAR_foo.bar123, main",
    "org/name@v1.0, org/name, v1.0",
    "org/name@refs/pr/1, org/name, refs/pr/1",
    "name@feature/x@y, name, feature/x@y",
    "org/name@0123456789abcdef0123456789abcdef01234567, org/name,"
        + " 0123456789abcdef0123456789abcdef01234567"
  })
  void isReadInTwoParts(String text, String repository, String revision) {
    HubName name = HubName.parse(text);
    assertThat(name).isEqualTo(new HubName(repository, revision));
    assertThat(name).hasToString(text);
    assertThat(HubName.find(text)).contains(name);
    assertThat(name.pinned()).isEqualTo(revision.length() == 40);
  }

  /** The bad examples of huggingface_hub's {@code validate_repo_id}, and more. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "datasets/foo/bar", ".repo_id", "foo--bar", "foo.git", "foo..bar", "/foo", "foo/",
            "-foo",
        "foo-", "a b", "C:\\models\\vit", "./vit", "../vit", "café", "org/", "/abs/path", "name\n"
      })
  void nothingElseIsAName(String text) {
    assertThat(HubName.find(text)).isEmpty();
    assertThatThrownBy(() -> HubName.parse(text))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is no name of a model");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/x",
        "x/",
        "x//y",
        "..",
        "a/../b",
        "../../etc",
        ".hidden",
        "a/.b",
        "a b",
        "a\\b",
        "a:b",
        "a?b",
        "a*",
        "a~1",
        "a^",
        "a\n",
        "a[",
        "."
      })
  void aRevisionStaysInItsFolder(String revision) {
    assertThatThrownBy(() -> HubName.parse("org/name@" + revision))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("is no revision")
        .hasMessageContaining("org/name@main");
  }

  @Test
  void aLongNameIsNone() {
    assertThat(HubName.find("a".repeat(96))).isPresent();
    assertThat(HubName.find("a".repeat(97))).isEmpty();
    assertThat(HubName.find("a".repeat(96) + '/' + "b".repeat(96))).isPresent();
  }
}
