package io.vitj.model.packed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.model.PackedParts;
import io.vitj.model.checkpoint.OutputFile;
import io.vitj.nn.Linear;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.PackedMatrix;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Makes the parts of a model, and writes them to a file afterwards. */
final class RecordedParts implements PackedParts {
  private final Map<Part, Content> contents = new LinkedHashMap<>();
  private long end;

  /** Writes what a part holds. */
  private interface Content {
    void write(OutputFile output, long at);
  }

  @Override
  public Linear linear(String name, Shape shape, Supplier<Linear> make) {
    Linear linear = make.get();
    PackedMatrix matrix = linear.packed();
    Part part = new Part(name, true, shape, Part.align(end));
    end = part.end();
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
    Part part = new Part(name, false, shape, Part.align(end));
    end = part.end();
    long bytes = part.end() - part.at();
    contents.put(
        part,
        (output, at) -> {
          output.seek(at);
          output.write(tensor.segment().asSlice(tensor.byteOffset(), bytes));
        });
    return tensor;
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
