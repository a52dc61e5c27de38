package io.vitj.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vitj.model.checkpoint.OutputFile;
import io.vitj.model.checkpoint.SafetensorsWriter;
import io.vitj.tensor.DType;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes one vector after the other in the format of the whole output. */
interface EmbeddingWriter extends AutoCloseable {
  /** Starts an output once the length of the vectors is known. */
  @FunctionalInterface
  interface Opener {
    /**
     * Starts the output.
     *
     * @param width the length of the vectors
     * @return the writer
     * @throws IOException if that fails
     */
    EmbeddingWriter open(int width) throws IOException;
  }

  /**
   * Writes the vector of an image.
   *
   * @param image its name
   * @param vector its vector; null if the image could not be read
   * @throws IOException if that fails
   */
  void write(String image, float[] vector) throws IOException;

  /**
   * Completes the output, which appears only now if it is a file.
   *
   * @throws IOException if that fails
   */
  void commit() throws IOException;

  @Override
  default void close() throws IOException {}

  /**
   * A line an image: its name, a tab, the values with blanks between them.
   *
   * @param terminal where to print
   */
  record Text(Terminal terminal) implements EmbeddingWriter {
    @Override
    public void write(String image, float[] vector) {
      if (vector != null) {
        terminal.out().print(terminal.bold(image) + '\t');
        for (int i = 0; i < vector.length; i++) {
          terminal.out().print((i == 0 ? "" : " ") + vector[i]);
        }
        terminal.out().println();
      }
    }

    @Override
    public void commit() {}
  }

  /** An array with one object an image, on standard output or in a file. */
  final class Json implements EmbeddingWriter {
    private final OutputFile file;
    private final String key;
    private final JsonGenerator json;

    private Json(OutputFile file, String key, JsonGenerator json) throws IOException {
      this.file = file;
      this.key = key;
      this.json = json;
      json.writeStartArray();
    }

    /**
     * Begins the array on standard output.
     *
     * @param terminal where to print
     * @param key what is embedded: {@code image} or {@code text}
     * @return the writer
     * @throws IOException if that fails
     */
    static Json to(Terminal terminal, String key) throws IOException {
      return new Json(null, key, JsonOutput.generator(terminal));
    }

    /**
     * Begins the array in a file.
     *
     * @param path the file
     * @param key what is embedded: {@code image} or {@code text}
     * @return the writer
     * @throws IOException if that fails
     */
    static Json to(Path path, String key) throws IOException {
      OutputFile file = new OutputFile(path);
      return new Json(file, key, JsonOutput.generator(file));
    }

    @Override
    public void write(String image, float[] vector) throws IOException {
      if (vector != null) {
        json.writeStartObject();
        json.writeStringField(key, image);
        json.writeArrayFieldStart("embedding");
        for (float value : vector) {
          json.writeNumber(value);
        }
        json.writeEndArray();
        json.writeEndObject();
      }
    }

    @Override
    public void commit() throws IOException {
      json.writeEndArray();
      json.writeRaw('\n');
      json.flush();
      if (file != null) {
        file.commit();
      }
    }

    @Override
    public void close() throws IOException {
      json.close();
      if (file != null) {
        file.close();
      }
    }
  }

  /**
   * A NumPy matrix; an image that could not be read has a row of NaN, which keeps rows and images
   * in step.
   *
   * @param npy the file
   */
  record Npy(NpyWriter npy) implements EmbeddingWriter {
    @Override
    public void write(String image, float[] vector) throws IOException {
      if (vector != null) {
        npy.append(vector);
      } else {
        float[] missing = new float[npy.rowLength()];
        Arrays.fill(missing, Float.NaN);
        npy.append(missing);
      }
    }

    @Override
    public void commit() throws IOException {
      npy.commit();
    }

    @Override
    public void close() {
      npy.close();
    }
  }

  /**
   * A tensor {@code embeddings} (N, D), with the names of the images, or the texts, as a JSON array
   * in the metadata.
   */
  final class Safetensors implements EmbeddingWriter {
    private final Path path;
    private final int width;
    private final String key;
    private final List<String> names = new ArrayList<>();
    private final List<float[]> vectors = new ArrayList<>();

    /**
     * Starts with no rows.
     *
     * @param path the file
     * @param width D
     * @param key what is embedded: {@code image} or {@code text}
     */
    Safetensors(Path path, int width, String key) {
      this.path = path;
      this.width = width;
      this.key = key;
    }

    @Override
    public void write(String image, float[] vector) {
      if (vector != null) {
        names.add(image);
        vectors.add(vector);
      }
    }

    @Override
    public void commit() throws IOException {
      Shape shape = Shape.of(vectors.size(), width);
      new SafetensorsWriter()
          .metadata(key + 's', JsonOutput.tree(names).toString())
          .add("embeddings", DType.F32, shape, arena -> matrix(arena, shape))
          .write(path);
    }

    private Tensor matrix(Arena arena, Shape shape) {
      Tensor matrix = Tensor.allocate(arena, shape);
      for (int i = 0; i < vectors.size(); i++) {
        matrix.slice(i, 1).copyFrom(vectors.get(i));
      }
      return matrix;
    }
  }
}
