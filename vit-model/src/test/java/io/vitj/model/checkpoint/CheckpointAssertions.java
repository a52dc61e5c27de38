package io.vitj.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.ModelException;
import java.nio.file.Path;

final class CheckpointAssertions {
  private CheckpointAssertions() {}

  /** A refusal names the file and is one line. */
  static void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> CheckpointFile.open(path).close())
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(path + ": ")
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }
}
