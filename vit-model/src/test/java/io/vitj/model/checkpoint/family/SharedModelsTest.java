package io.vitj.model.checkpoint.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitj.model.Parameter;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The larger set of checkpoints, on machines where it lies beside the project. */
class SharedModelsTest {
  private static final Path SHARED = Path.of("../../shared");

  @TestFactory
  Stream<DynamicTest> everyParameterIsFound() {
    return Stream.of(
            "goldens/timm-vit",
            "goldens/timm-vit-avgpool",
            "goldens/timm-vit-nonsquare",
            "goldens/timm-deit-distilled",
            "goldens/timm-deit3",
            "goldens/timm-dinov2-resized",
            "goldens/timm-dinov2-reg4",
            "goldens/timm-clip-quickgelu",
            "goldens/hf-dinov2",
            "goldens/hf-dinov2-registers",
            "goldens/hf-vit-mae-encoder",
            "goldens/hf-clip-vision",
            "goldens/hf-vit",
            "goldens/hf-vit-bf16",
            "goldens/hf-vit-f16",
            "goldens/hf-vit-interpolated",
            "goldens/hf-vit-pooler",
            "goldens/hf-vit-sharded",
            "goldens/google-npz",
            "goldens/torch-zip-pth",
            "goldens/torch-deit-pth",
            "goldens/torch-legacy-pth",
            "goldens/hf-deit-distilled",
            "models/vit-fashion-mnist",
            "models/vit-tiny-200")
        .filter(name -> Files.exists(SHARED.resolve(name)))
        .map(name -> DynamicTest.dynamicTest(name, () -> open(SHARED.resolve(name))));
  }

  private static void open(Path directory) {
    try (ModelDirectory model = ModelDirectory.open(directory)) {
      assertThat(model.labels()).hasSize(model.config().classes());
      for (Parameter parameter : model.config().parameters()) {
        try (Arena arena = Arena.ofConfined()) {
          assertThat(model.weights().get(parameter.name(), arena).shape())
              .isEqualTo(parameter.shape());
        }
      }
    }
  }
}
