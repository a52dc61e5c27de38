package io.vitj.model.checkpoint.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.Fixtures;
import io.vitj.model.ModelException;
import io.vitj.model.Parameter;
import io.vitj.model.ViTConfig;
import io.vitj.model.checkpoint.Narrowing;
import io.vitj.model.checkpoint.StorageType;
import io.vitj.model.image.Preprocess;
import io.vitj.model.json.JsonFiles;
import io.vitj.tensor.DType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CanonicalDirectoryTest {
  @TempDir private Path folder;

  static Stream<Path> models() {
    return Stream.concat(
        Fixtures.ALL.stream().map(Fixtures::path),
        Stream.of("google", "sharded", "torch-legacy").map(Fixtures::format));
  }

  private Path convert(Path model, DType dtype, String target) {
    Path path = folder.resolve(target);
    try (ModelDirectory source = ModelDirectory.open(model)) {
      CanonicalDirectory.write(source, dtype, path);
    }
    return path;
  }

  @ParameterizedTest
  @MethodSource("models")
  void theCopyIsTheSameModel(Path model) {
    Path converted = convert(model, DType.F32, "copy");
    assertThat(converted.resolve("model.safetensors")).isRegularFile();
    try (ModelDirectory source = ModelDirectory.open(model);
        ModelDirectory copy = ModelDirectory.open(converted);
        Arena arena = Arena.ofConfined()) {
      assertThat(copy.config()).isEqualTo(source.config());
      assertThat(copy.labels()).isEqualTo(source.labels());
      assertThat(copy.architecture()).isEqualTo(source.architecture());
      assertThat(copy.checkpoint().tensors().keySet())
          .containsExactlyInAnyOrderElementsOf(timmNames(source.config()));
      for (Parameter parameter : source.config().parameters()) {
        String name = parameter.name();
        assertThat(copy.weights().get(name, arena).toFloats())
            .as(name)
            .isEqualTo(source.weights().get(name, arena).toFloats());
      }
    }
    assertThat(preprocessing(converted)).isEqualTo(preprocessing(model));
  }

  private static List<String> timmNames(ViTConfig config) {
    boolean eva = config.rotary() != null || config.relativePositions() != null;
    return config.parameters().stream()
        .map(Parameter::name)
        .map(name -> eva ? name.replaceFirst("ls([12])\\.gamma", "gamma_$1") : name)
        .toList();
  }

  private static Object preprocessing(Path directory) {
    try (ModelDirectory model = ModelDirectory.open(directory)) {
      var given = model.preprocessing();
      int height = model.config().imageHeight();
      int width = model.config().imageWidth();
      return switch (given.kind()) {
        case HUGGING_FACE -> List.of(given.json(), given.modelType());
        case TIMM -> Preprocess.timm(given.json(), height, width, "").toString();
        case NONE -> Preprocess.defaults(height, width).toString();
      };
    }
  }

  @Test
  void halvesAreRounded() {
    Path model = Fixtures.path("hf-vit");
    for (DType dtype : List.of(DType.F16, DType.BF16)) {
      Path converted = convert(model, dtype, dtype.name());
      try (ModelDirectory source = ModelDirectory.open(model);
          ModelDirectory copy = ModelDirectory.open(converted);
          Arena arena = Arena.ofConfined()) {
        assertThat(copy.checkpoint().tensors().values())
            .allSatisfy(tensor -> assertThat(tensor.type()).isEqualTo(StorageType.of(dtype)));
        String name = "blocks.1.attn.qkv.weight"; // joined of three
        var wide = source.weights().get(name, arena);
        assertThat(copy.weights().get(name, arena).toFloats())
            .isEqualTo(Narrowing.to(dtype, name, wide, arena).toFloats());
        assertThat(CanonicalDirectory.storedType(copy)).isEqualTo(dtype);
        assertThat(CanonicalDirectory.storedType(source)).isEqualTo(DType.F32);
      }
      Path again = convert(converted, dtype, dtype + "-again");
      assertThat(again.resolve("model.safetensors"))
          .hasSameBinaryContentAs(converted.resolve("model.safetensors"));
    }
  }

  @Test
  void aFileHasItsConfigBesideIt() throws IOException {
    Path model = Fixtures.path("timm-vit");
    Path file = convert(model, DType.F32, "half.safetensors");
    try (ModelDirectory copy = ModelDirectory.open(file);
        ModelDirectory source = ModelDirectory.open(model)) {
      assertThat(copy.config()).isEqualTo(source.config());
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(file, folder.resolve("config.json"));
    }
    convert(model, DType.BF16, "half.safetensors"); // the same model may be written again
  }

  @Test
  void theConfigOfAnotherModelIsNotOverwritten() throws IOException {
    convert(Fixtures.path("timm-vit"), DType.F32, "a.safetensors");
    byte[] config = Files.readAllBytes(folder.resolve("config.json"));
    assertThatThrownBy(() -> convert(Fixtures.path("hf-vit"), DType.F32, "b.safetensors"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(folder.resolve("config.json").toString())
        .hasMessageContaining("name a folder of its own");
    assertThat(folder.resolve("b.safetensors")).doesNotExist();
    assertThat(folder.resolve("config.json")).hasBinaryContent(config);
  }

  @Test
  void timmFindsItsOwnKeys() {
    ObjectNode json =
        JsonFiles.readObject(
            convert(Fixtures.path("hf-vit"), DType.F32, "hf").resolve("config.json"));
    assertThat(json.path("architecture").asText()).startsWith("vit_");
    assertThat(json.path("num_classes").asInt()).isEqualTo(7);
    assertThat(json.at("/pretrained_cfg/input_size/1").asInt()).isEqualTo(24);
    assertThat(json.at("/pretrained_cfg/crop_mode").asText()).isEqualTo("squash");
    assertThat(json.at("/label_names/3").asText()).isEqualTo("thing 3");
    ObjectNode pooler =
        JsonFiles.readObject(
            convert(Fixtures.path("hf-vit-pooler"), DType.F32, "pooler").resolve("config.json"));
    assertThat(pooler.has("architecture")).isFalse();
  }

  @Test
  void aFolderThatWasMadeForNothingIsRemoved() {
    Path missing = folder.resolve("missing/inner");
    assertThatThrownBy(() -> convert(Fixtures.path("timm-vit"), DType.F32, "missing/inner"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(missing.toString());
    assertThat(folder).isEmptyDirectory();
  }
}
