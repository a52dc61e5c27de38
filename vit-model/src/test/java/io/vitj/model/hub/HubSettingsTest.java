package io.vitj.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ModelException;
import io.vitj.model.hub.HubSettings.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {
  @TempDir private Path home;

  private HubSettings settings(String... variables) {
    Map<String, String> environment = new HashMap<>();
    environment.put("HOME", home.toString());
    environment.put("USERPROFILE", home.toString());
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    return HubSettings.of(environment);
  }

  @Test
  void theCacheIsWhereHuggingFaceHasIt() {
    assertThat(settings().cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    Path x = home.resolve("x");
    String path = x.toString();
    assertThat(settings("XDG_CACHE_HOME", path).cache()).isEqualTo(x.resolve("huggingface/hub"));
    assertThat(settings("XDG_CACHE_HOME", "/other", "HF_HOME", path).cache())
        .isEqualTo(x.resolve("hub"));
    assertThat(settings("HF_HOME", "/other", "HUGGINGFACE_HUB_CACHE", path).cache()).isEqualTo(x);
    assertThat(settings("HUGGINGFACE_HUB_CACHE", "/other", "HF_HUB_CACHE", path).cache())
        .isEqualTo(x);
    assertThat(settings("HF_HOME", "").cache()).isEqualTo(settings().cache());
  }

  @Test
  void pathsAreExpandedAsPythonDoes() {
    assertThat(settings("HF_HOME", "~/hf").cache()).isEqualTo(home.resolve("hf/hub"));
    assertThat(settings("HF_HUB_CACHE", "$D/${E}/$F", "D", "/d", "E", "e$D").cache())
        .isEqualTo(Path.of("/d/e$D/$F").toAbsolutePath());
    assertThat(settings("HF_HUB_CACHE", "/x/~/y").cache())
        .isEqualTo(Path.of("/x/~/y").toAbsolutePath());
  }

  @Test
  void theEndpointHasADefault() {
    assertThat(settings().endpoint()).isEqualTo("https://huggingface.co");
    assertThat(settings("HF_ENDPOINT", "http://mirror:80/hf//").endpoint())
        .isEqualTo("http://mirror:80/hf");
  }

  @ParameterizedTest
  @ValueSource(strings = {"huggingface.co", "ftp://x", "https://", "https://u:p@x", "https://a b"})
  void anEndpointIsAnAddress(String endpoint) {
    assertThatThrownBy(() -> settings("HF_ENDPOINT", endpoint))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("HF_ENDPOINT is '" + endpoint + "'");
  }

  @Test
  void theTokenComesFromTheEnvironmentOrAFile() throws IOException {
    assertThat(settings().token()).isEmpty();
    Path folder = Files.createDirectories(home.resolve(".cache/huggingface"));
    Path file = Files.writeString(folder.resolve("token"), " hf_file\n");
    assertThat(settings().token()).contains(new Token("hf_file", file.toString()));
    assertThat(settings("HF_TOKEN", "hf_a\r\n").token()).contains(new Token("hf_a", "HF_TOKEN"));
    assertThat(settings("HUGGING_FACE_HUB_TOKEN", "hf_b").token())
        .contains(new Token("hf_b", "HUGGING_FACE_HUB_TOKEN"));
    assertThat(settings("HF_TOKEN", " ").token().orElseThrow().value()).isEqualTo("hf_file");
    assertThat(settings("HF_TOKEN", "x", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1").token()).isEmpty();
    Path other = Files.writeString(home.resolve("other"), "hf_other");
    assertThat(settings("HF_TOKEN_PATH", other.toString()).token().orElseThrow().value())
        .isEqualTo("hf_other");
  }

  @Test
  void theTokenIsNeverShown() {
    assertThat(settings("HF_TOKEN", "hf_secret").toString()).doesNotContain("hf_secret");
    assertThatThrownBy(() -> settings("HF_TOKEN", "hf_secret two"))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("HF_TOKEN: ")
        .hasMessageNotContaining("hf_secret");
  }

  @Test
  void flagsAreWordsForYes() {
    for (String yes : new String[] {"1", "on", "Yes", "TRUE"}) {
      assertThat(settings("HF_HUB_OFFLINE", yes).offline()).isTrue();
    }
    for (String no : new String[] {"", "0", "false", "2"}) {
      assertThat(settings("HF_HUB_OFFLINE", no).offline()).isFalse();
    }
    assertThat(settings("TRANSFORMERS_OFFLINE", "1").offline()).isTrue();
    assertThat(settings().symlinks()).isTrue();
    assertThat(settings("HF_HUB_DISABLE_SYMLINKS", "1").symlinks()).isFalse();
  }
}
