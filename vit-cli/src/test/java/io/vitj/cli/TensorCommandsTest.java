package io.vitj.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitj.model.checkpoint.CheckpointFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code preprocess}, and {@code trace} on what it wrote. */
class TensorCommandsTest {
  private static final Path BAG = Fixtures.sample("bag.png");
  private static final Path COAT = Fixtures.sample("coat.png");

  @TempDir private Path folder;

  @Test
  void aTraceOfPreprocessedImagesEndsInTheLogitsOfClassify() {
    Path pixels = folder.resolve("pixels.safetensors");
    Path trace = folder.resolve("trace.safetensors");
    assertThat(Run.vit("preprocess", "--output", pixels, BAG, COAT).code()).isZero();
    assertThat(Fixtures.shape(pixels, "pixel_values")).containsExactly(2, 3, 28, 28);
    Run run = Run.vit("trace", "--input", pixels, "--output", trace);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).isEmpty();

    try (CheckpointFile file = CheckpointFile.open(trace)) {
      assertThat(file.tensors().keySet())
          .contains("embeddings", "block.0", "block.5", "attn.0", "attn.5")
          .contains("features", "pre_logits", "logits");
    }
    assertThat(Fixtures.shape(trace, "block.3")).containsExactly(2, 50, 96);
    assertThat(Fixtures.shape(trace, "attn.3")).containsExactly(2, 3, 50, 50);
    float[] logits = Fixtures.tensor(trace, "logits");
    String classified = Run.vit("classify", "--format", "json", "--top-k", 10, BAG, COAT).out();
    for (int image = 0; image < 2; image++) {
      for (JsonNode p : Fixtures.json(classified).get(image).get("predictions")) {
        assertThat(logits[image * 10 + p.get("index").asInt()])
            .isCloseTo(p.get("logit").floatValue(), within(1e-4f));
      }
    }
  }

  @Test
  void preprocessLeavesBadImagesOutAndNamesTheRest() {
    Path pixels = folder.resolve("pixels.safetensors");
    Path missing = folder.resolve("missing.png");
    Run run = Run.vit("preprocess", "--output", pixels, missing, COAT);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.complaint()).contains(missing.toString());
    assertThat(Fixtures.shape(pixels, "pixel_values")).containsExactly(1, 3, 28, 28);
    try (CheckpointFile file = CheckpointFile.open(pixels)) {
      assertThat(Fixtures.json(file.metadata().get("images")))
          .extracting(JsonNode::asText)
          .containsExactly(COAT.toString());
    }
  }
}
