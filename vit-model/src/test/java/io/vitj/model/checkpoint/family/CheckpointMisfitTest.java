package io.vitj.model.checkpoint.family;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vitj.model.Fixtures;
import io.vitj.model.ModelException;
import io.vitj.model.ViTConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints that do not fit the config beside them. */
class CheckpointMisfitTest {
  @TempDir private Path folder;

  @Test
  void everythingThatDoesNotFitIsInOneMessage() throws IOException {
    new ModelCopy("timm-vit", folder)
        .tensors(
            (tensors, arena) -> {
              var changed = new TreeMap<>(tensors);
              changed.remove("norm.bias");
              changed.remove("blocks.1.norm1.weight");
              changed.put("extra\n", tensors.get("head.bias"));
              changed.put("head.bias", tensors.get("norm.weight"));
              return changed;
            });
    assertThatThrownBy(() -> ModelDirectory.open(folder).close())
        .isInstanceOf(ModelException.class)
        .hasMessage(
            folder.resolve("model.safetensors")
                + " does not fit "
                + folder.resolve("config.json")
                + " (vit_tiny_patch16_224, timm ViT):"
                + " 2 tensors missing: blocks.1.norm1.weight, norm.bias;"
                + " 1 tensor not asked for: extra\\u000a;"
                + " 1 tensor of another shape: head.bias is (24) instead of (10)."
                + " Use the config that belongs to this checkpoint");
  }

  @Test
  void aConfigOfAnotherWidthIsShownWithBothShapesAndTheListIsCut() throws IOException {
    new ModelCopy("hf-vit", folder).config(config -> config.put("hidden_size", 48));
    assertThatThrownBy(() -> ModelDirectory.open(folder).close())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("vit.embeddings.cls_token is (1, 1, 24) instead of (1, 1, 48)")
        .hasMessageContaining("37 tensors of another shape")
        .hasMessageContaining(", and 25 more.");
  }

  @Test
  void tensorsOfIntegersAreNoWeights() throws IOException {
    ModelCopy copy = new ModelCopy("timm-vit", folder);
    byte[] file = Files.readAllBytes(copy.file("model.safetensors"));
    String text = new String(file, StandardCharsets.ISO_8859_1);
    String changed = text.replaceFirst("(\"cls_token\":\\{\"dtype\":\")F32", "$1I32");
    Files.write(copy.file("model.safetensors"), changed.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> ModelDirectory.open(folder).close())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("1 tensor not F32, F16, BF16 or F64: cls_token is I32");
  }

  @Test
  void blocksThatAreNotThereAreMissing() {
    try (ModelDirectory model = ModelDirectory.open(Fixtures.path("timm-vit"))) {
      ViTConfig other = model.config().toBuilder().depth(3).build();
      assertThatThrownBy(() -> NameTable.canonical().bind(other, model.checkpoint(), "config"))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("12 tensors missing: blocks.2.attn.proj.bias");
    }
  }
}
