package io.vitj.model.packed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.PackedParts;
import io.vitj.model.checkpoint.OutputFile;
import io.vitj.nn.Linear;
import io.vitj.tensor.DType;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.PackedMatrix;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Makes the parts of a model, and writes them to a file afterwards. */
final class RecordedParts implements PackedParts {
  private final DType dtype;
  private final Map<Part, Content> contents = new LinkedHashMap<>();
  private long end;

  /** Writes what a part holds. */
  private interface Content {
    void write(OutputFile output, long at);
  }

  /**
   * Makes a recorder.
   *
   * @param dtype how matrices are stored, F32 or BF16
   */
  RecordedParts(DType dtype) {
    this.dtype = dtype;
  }

  @Override
  public Linear linear(String name, Shape shape, Function<DType, Linear> make) {
    Linear linear = make.apply(dtype);
    PackedMatrix matrix = linear.packed();
    Part part = next(name, Part.Kind.packed(dtype), shape);
    contents.put(
        part,
        (output, at) -> {
          output.seek(at);
          output.write(matrix.panels());
          output.seek(at + part.biasAt());
          output.write(matrix.bias());
        });
    return linear;
  }

  @Override
  public Tensor tensor(String name, Shape shape, Supplier<Tensor> make) {
    Tensor tensor = make.get();
    Part part = next(name, Part.Kind.TENSOR, shape);
    MemorySegment memory = tensor.segment().asSlice(tensor.byteOffset(), part.end() - part.at());
    contents.put(
        part,
        (output, at) -> {
          output.seek(at);
          output.write(memory);
        });
    return tensor;
  }

  /**
   * Adds a file as it is.
   *
   * @param name its name, unique in the model
   * @param bytes its contents, at least one byte
   */
  void file(String name, byte[] bytes) {
    contents.put(
        next(name, Part.Kind.FILE, Shape.of(bytes.length)),
        (output, at) -> {
          output.seek(at);
          output.write(ByteBuffer.wrap(bytes));
        });
  }

  private Part next(String name, Part.Kind kind, Shape shape) {
    Part part = new Part(name, kind, shape, Part.align(end));
    end = part.end();
    return part;
  }

  /**
   * Writes the file.
   *
   * @param description the JSON of its header
   * @param file the file to make or to replace
   */
  void write(ObjectNode description, Path file) {
    ByteBuffer header = PackedHeader.write(description, contents.keySet());
    long dataAt = header.remaining();
    try (OutputFile output = new OutputFile(file)) {
      output.write(header);
      contents.forEach((part, content) -> content.write(output, dataAt + part.at()));
      output.commit();
    }
  }
}
