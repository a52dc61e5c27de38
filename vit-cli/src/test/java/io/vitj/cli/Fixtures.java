package io.vitj.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/** Models and images for tests: the bundled model, the project's samples, and damaged copies. */
final class Fixtures {
  static final ObjectMapper JSON = new ObjectMapper();

  private static final String CONFIG = "config.json";
  private static final String WEIGHTS = "model.safetensors";

  private Fixtures() {}

  /** The sample pictures of clothes. */
  static Path samples() {
    return Path.of("..", "samples");
  }

  static Path sample(String name) {
    return samples().resolve(name);
  }

  /** A small model with a text tower. */
  static Path withText(String name) {
    return Path.of("..", "vit-model", "src", "test", "resources", "text", name);
  }

  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode resource(String name) {
    try (InputStream in = Fixtures.class.getResourceAsStream(name)) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError("no JSON: " + text, e);
    }
  }

  /** A copy of the bundled model to be damaged. */
  static Path model(Path folder) {
    try (var files = Files.list(BundledModel.path())) {
      Files.createDirectories(folder);
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName().toString()));
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path modelWithConfig(Path folder, Consumer<ObjectNode> change) {
    Path config = model(folder).resolve(CONFIG);
    try {
      ObjectNode json = (ObjectNode) JSON.readTree(bytes(config));
      change.accept(json);
      JSON.writeValue(config.toFile(), json);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path modelWithWeights(Path folder, byte[] weights) {
    try {
      Files.write(model(folder).resolve(WEIGHTS), weights);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bundledWeights() {
    return bytes(BundledModel.path().resolve(WEIGHTS));
  }

  /** A PNG of a few bytes whose header claims this size. */
  static byte[] pngBomb(int width, int height) {
    ByteBuffer header = ByteBuffer.allocate(17);
    header.put("IHDR".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    header.putInt(width).putInt(height).put(new byte[] {8, 2, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(header.array());
    ByteBuffer png = ByteBuffer.allocate(8 + 4 + 17 + 4);
    png.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    png.putInt(13).put(header.array()).putInt((int) crc.getValue());
    return png.array();
  }

  static float[] tensor(Path safetensors, String name) {
    try (Arena arena = Arena.ofConfined();
        CheckpointFile file = CheckpointFile.open(safetensors)) {
      Tensor tensor = file.read(name, arena);
      return tensor.toFloats();
    }
  }

  static int[] shape(Path safetensors, String name) {
    try (CheckpointFile file = CheckpointFile.open(safetensors)) {
      return file.tensors().get(name).shape().dims();
    }
  }
}
