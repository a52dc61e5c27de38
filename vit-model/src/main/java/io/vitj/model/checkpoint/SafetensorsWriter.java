package io.vitj.model.checkpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.ModelException;
import io.vitj.tensor.DType;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Writes a safetensors file. The bytes depend on the contents alone: tensors stand in the order of
 * their element size, the larger first, and then of their names, so that each is aligned to its
 * elements, as the format's own library orders them.
 *
 * <p>The bytes go from the tensors' memory to the file, one tensor at a time; the file appears
 * under its name when it is complete.
 */
public final class SafetensorsWriter {
  /** The data starts at a multiple of this: the format pads its header with spaces. */
  private static final int HEADER_ALIGNMENT = 8;

  /**
   * A tensor to be written.
   *
   * @param name its name
   * @param dtype its element type
   * @param shape its shape
   * @param values makes the values, in memory of the arena or elsewhere
   */
  private record Entry(String name, DType dtype, Shape shape, Function<Arena, Tensor> values) {
    long bytes() {
      return shape.elements() * dtype.bytes();
    }
  }

  private final SortedMap<String, Entry> entries = new TreeMap<>();
  private final SortedMap<String, String> metadata = new TreeMap<>();

  /** Starts an empty file. */
  public SafetensorsWriter() {}

  /**
   * Adds free text.
   *
   * @param key its name
   * @param value the text
   * @return this writer
   */
  public SafetensorsWriter metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /**
   * Adds a tensor, stored in its own dtype.
   *
   * @param name its name, unique in the file
   * @param tensor the values, read by {@link #write}
   * @return this writer
   * @throws IllegalArgumentException if the name is taken
   */
  public SafetensorsWriter add(String name, Tensor tensor) {
    return add(name, tensor.dtype(), tensor.shape(), arena -> tensor);
  }

  /**
   * Adds a tensor that is made when its turn comes, and dropped afterwards.
   *
   * @param name its name, unique in the file
   * @param dtype its element type
   * @param shape its shape
   * @param values makes a tensor of that type and shape; memory of the arena is freed when it is
   *     written
   * @return this writer
   * @throws IllegalArgumentException if the name is taken
   */
  public SafetensorsWriter add(
      String name, DType dtype, Shape shape, Function<Arena, Tensor> values) {
    if (name.equals(SafetensorsHeader.METADATA)) {
      throw new IllegalArgumentException(name + " is no name for a tensor");
    }
    if (entries.put(name, new Entry(name, dtype, shape, values)) != null) {
      throw new IllegalArgumentException("a tensor " + name + " is already there");
    }
    return this;
  }

  /**
   * Writes the file.
   *
   * @param file the file to make or to replace
   * @throws ModelException if it cannot be written; an old file is then still there
   */
  public void write(Path file) {
    List<Entry> ordered = new ArrayList<>(entries.values());
    ordered.sort(Comparator.comparingInt(entry -> -entry.dtype().bytes()));
    try (OutputFile output = new OutputFile(file)) {
      output.write(header(ordered));
      for (Entry entry : ordered) {
        write(output, entry);
      }
      output.commit();
    }
  }

  private ByteBuffer header(List<Entry> ordered) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (!metadata.isEmpty()) {
      ObjectNode texts = json.putObject(SafetensorsHeader.METADATA);
      for (Map.Entry<String, String> text : metadata.entrySet()) {
        texts.put(text.getKey(), text.getValue());
      }
    }
    long offset = 0;
    for (Entry entry : ordered) {
      ObjectNode description = json.putObject(entry.name());
      description.put("dtype", entry.dtype().name());
      ArrayNode shape = description.putArray("shape");
      for (int dim : entry.shape().dims()) {
        shape.add(dim);
      }
      description.putArray("data_offsets").add(offset).add(offset + entry.bytes());
      offset += entry.bytes();
    }
    byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
    int padded = Math.ceilDiv(text.length, HEADER_ALIGNMENT) * HEADER_ALIGNMENT;
    ByteBuffer header =
        ByteBuffer.allocate(Long.BYTES + padded)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(padded)
            .put(text);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.flip();
  }

  private static void write(OutputFile output, Entry entry) {
    try (Arena arena = Arena.ofConfined()) {
      Tensor tensor = entry.values().apply(arena);
      if (tensor.dtype() != entry.dtype() || !tensor.shape().equals(entry.shape())) {
        throw new IllegalStateException(
            entry.name()
                + " was declared as "
                + entry.dtype()
                + ' '
                + entry.shape()
                + ", but is "
                + tensor);
      }
      output.write(tensor.segment().asSlice(tensor.byteOffset(), entry.bytes()));
    }
  }
}
