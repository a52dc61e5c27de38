package io.vitj.model.json;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ModelException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFilesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"a\": 1} x",
        "{\"a\": 1, \"a\": 2}",
        "\0\0\0\0", // the beginnings of UTF-32 and UTF-16, as Jackson has them
        "\0\0\0{\"a\": 1}   ",
        "\0{\"a",
        "{\0\0",
      })
  void saysInOneLineWhatIsNoJson(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> JsonFiles.object(bytes, "a.json"))
        .isInstanceOf(ModelException.class)
        .message()
        .startsWith("a.json: ")
        .doesNotContain("\n");
  }
}
