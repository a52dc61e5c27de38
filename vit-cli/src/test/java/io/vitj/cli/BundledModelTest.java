package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BundledModelTest {
  @Test
  void isACheckpointFolder() {
    Path model = BundledModel.path();
    assertThat(model.getFileName()).hasToString(BundledModel.FOLDER);
    for (String file : new String[] {"config.json", "model.safetensors", "README.md"}) {
      assertThat(Files.isRegularFile(model.resolve(file))).as(file).isTrue();
    }
  }
}
