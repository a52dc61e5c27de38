package io.vitj.model.checkpoint.family;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.Fixtures;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.checkpoint.SafetensorsWriter;
import io.vitj.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A copy of a fixture that a test changes. */
final class ModelCopy {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;

  ModelCopy(String fixture, Path directory) throws IOException {
    this.directory = directory;
    try (Stream<Path> files = Files.list(Fixtures.path(fixture))) {
      for (Path file : files.toList()) {
        Files.copy(file, directory.resolve(file.getFileName().toString()));
      }
    }
    Files.delete(file("expected.safetensors"));
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  /** Changes the JSON of {@code config.json}. */
  ModelCopy config(Consumer<ObjectNode> change) throws IOException {
    ObjectNode config = (ObjectNode) JSON.readTree(file("config.json").toFile());
    change.accept(config);
    JSON.writeValue(file("config.json").toFile(), config);
    return this;
  }

  /** Renames tensors; a null name drops one. */
  ModelCopy names(UnaryOperator<String> rename) {
    return tensors(
        (tensors, arena) -> {
          Map<String, Tensor> renamed = new TreeMap<>();
          tensors.forEach(
              (name, tensor) -> {
                String other = rename.apply(name);
                if (other != null) {
                  renamed.put(other, tensor);
                }
              });
          return renamed;
        });
  }

  /** Replaces the tensors by what is made of them. */
  ModelCopy tensors(BiFunction<Map<String, Tensor>, Arena, Map<String, Tensor>> change) {
    Path changed = file("changed.safetensors");
    try (CheckpointFile file = CheckpointFile.open(file("model.safetensors"));
        Arena arena = Arena.ofConfined()) {
      Map<String, Tensor> tensors = new TreeMap<>();
      file.tensors().keySet().forEach(name -> tensors.put(name, file.read(name, arena)));
      SafetensorsWriter writer = new SafetensorsWriter();
      change.apply(tensors, arena).forEach(writer::add);
      writer.write(changed);
    }
    try {
      Files.delete(file("model.safetensors"));
      Files.move(changed, file("model.safetensors"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }
}
