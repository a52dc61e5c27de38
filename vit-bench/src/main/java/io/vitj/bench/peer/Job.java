package io.vitj.bench.peer;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a worker is started for.
 *
 * @param kind a model or a matrix product
 * @param directory the files of it
 * @param threads threads to compute with
 * @param batch images of an input
 */
public record Job(Kind kind, Path directory, int threads, int batch) {
  /** What is computed. */
  public enum Kind {
    /** Pixels to logits. */
    MODEL,
    /** (rows, inputs) · (inputs, outputs) with constant weights. */
    GEMM
  }

  /** The number of {@link #arguments}. */
  static final int ARGUMENTS = 4;

  static Job parse(List<String> arguments) {
    return new Job(
        Kind.valueOf(arguments.get(0).toUpperCase(Locale.ROOT)),
        Path.of(arguments.get(1)),
        Integer.parseInt(arguments.get(2)),
        Integer.parseInt(arguments.get(3)));
  }

  List<String> arguments() {
    return List.of(
        kind.name().toLowerCase(Locale.ROOT),
        directory.toString(),
        String.valueOf(threads),
        String.valueOf(batch));
  }

  /**
   * Names the weights.
   *
   * @return a safetensors file
   */
  public Path weights() {
    return directory.resolve("model.safetensors");
  }

  /**
   * Names the ONNX graph.
   *
   * @return a graph of one input and one output
   */
  public Path graph() {
    return directory.resolve("graph-" + batch + ".onnx");
  }

  /**
   * Names the ONNX graph with products of 8-bit integers.
   *
   * @return a graph of one input and one output
   */
  public Path int8Graph() {
    return directory.resolve("graph-int8-" + batch + ".onnx");
  }

  /**
   * Names the model as TorchScript.
   *
   * @return an archive for batches of any size
   */
  public Path torchScript() {
    return directory.resolve("model.pt");
  }

  /**
   * Names the input.
   *
   * @return raw little-endian floats
   */
  public Path input() {
    return directory.resolve("input-" + batch + ".f32");
  }
}
