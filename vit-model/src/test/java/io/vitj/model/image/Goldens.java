package io.vitj.model.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The reference's results: folders with {@code images}, {@code decoded}, {@code resize} and {@code
 * pipeline}. One lies among the resources (see {@code make_fixtures.py} there), a larger one beside
 * the project where it exists.
 */
final class Goldens {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Goldens() {}

  static List<Path> folders() {
    List<Path> folders = new ArrayList<>();
    try {
      folders.add(
          Path.of(Objects.requireNonNull(Goldens.class.getResource("/preprocess")).toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    Path shared = Path.of("../../shared/preprocess");
    if (Files.isDirectory(shared)) {
      folders.add(shared);
    }
    return folders;
  }

  /** The files of one kind in all folders, in order. */
  static List<Path> files(String kind, String extension) {
    List<Path> files = new ArrayList<>();
    for (Path folder : folders()) {
      try (Stream<Path> list = Files.list(folder.resolve(kind))) {
        list.filter(file -> file.toString().endsWith(extension)).sorted().forEach(files::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files;
  }

  /** The input picture of a case in {@code resize} or {@code pipeline}. */
  static RgbImage image(Path golden, String name) {
    Path file = golden.getParent().resolveSibling("images").resolve(name);
    return ImageDecoder.decode(file, DecodeLimits.DEFAULT);
  }

  static JsonNode json(Path file) {
    try {
      return MAPPER.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The header of a safetensors file. */
  static JsonNode header(Path file) {
    try {
      ByteBuffer data = read(file);
      byte[] json = new byte[(int) data.getLong()];
      data.get(json);
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes of a tensor of a safetensors file, little-endian. */
  static ByteBuffer tensor(Path file, String name) {
    JsonNode offsets = header(file).path(name).path("data_offsets");
    try {
      ByteBuffer data = read(file);
      int start = 8 + (int) data.getLong();
      return data.slice(
              start + offsets.path(0).intValue(),
              offsets.path(1).intValue() - offsets.path(0).intValue())
          .order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ByteBuffer read(Path file) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
