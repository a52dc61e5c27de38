package io.vitj.model.onnx;

import io.vitj.model.Parameter;
import io.vitj.model.SequenceStart;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTWeights;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Parameters as constants of a graph. */
final class OnnxWeights {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final ViTWeights weights;
  private final OnnxGraph graph;
  private final Map<String, Shape> shapes;

  OnnxWeights(ViTWeights weights, OnnxGraph graph) {
    this.weights = weights;
    this.graph = graph;
    this.shapes =
        weights.config().parameters().stream()
            .collect(Collectors.toMap(Parameter::name, Parameter::shape));
  }

  /**
   * Adds a parameter as it is stored.
   *
   * @param name its name
   * @return the value
   */
  String stored(String name) {
    return graph.constant(
        Constant.floats(name, shapes.get(name), arena -> weights.get(name, arena)));
  }

  /**
   * Adds a matrix (out, in) as (in, out), which is what MatMul takes.
   *
   * @param name its name
   * @return the value
   */
  String transposed(String name) {
    Shape shape = shapes.get(name);
    return graph.constant(
        Constant.floats(
            name + ".T",
            Shape.of(shape.dim(1), shape.dim(0)),
            arena -> transpose(weights.get(name, arena), arena)));
  }

  /**
   * Adds values that are made of parameters.
   *
   * @param name what to call them
   * @param shape their shape
   * @param values makes them
   * @return the value
   */
  String made(String name, Shape shape, Supplier<float[]> values) {
    return graph.constant(
        Constant.floats(name, shape, arena -> Tensor.of(arena, shape, values.get())));
  }

  /**
   * Reads a parameter.
   *
   * @param name its name
   * @return its values
   */
  float[] values(String name) {
    try (Arena arena = Arena.ofConfined()) {
      return weights.get(name, arena).toFloats();
    }
  }

  /**
   * Adds some tokens of what a sequence holds before its patches are added.
   *
   * @param name what to call them
   * @param config the config at the input size of the graph
   * @param first the first token
   * @param count their number
   * @return the value (1, count, D)
   */
  String sequenceStart(String name, ViTConfig config, int first, int count) {
    return graph.constant(
        Constant.floats(
            name,
            Shape.of(1, count, config.width()),
            arena -> SequenceStart.of(weights, arena).at(config).slice(first, count)));
  }

  /**
   * Adds the bias of the joint projection to queries, keys and values.
   *
   * @param attention the prefix of the block's names
   * @return the value (3·D)
   */
  String qkvBias(String attention) {
    Shape shape = Shape.of(3 * weights.config().width());
    return graph.constant(
        Constant.floats(attention + "qkv.bias", shape, arena -> weights.qkvBias(attention, arena)));
  }

  /**
   * Adds a linear layer of the last axis, as a product with the transposed matrix.
   *
   * @param scope where to add it
   * @param name the name of its parameters
   * @param x (…, in)
   * @return (…, out)
   */
  String linear(Scope scope, String name, String x) {
    String product = scope.matMul(x, transposed(name + ".weight"));
    return scope.add(stored(name + ".bias"), product);
  }

  /**
   * Adds a layer norm.
   *
   * @param scope where to add it
   * @param name the name of its parameters
   * @param x (…, D)
   * @param epsilon ε
   * @return (…, D)
   */
  String norm(Scope scope, String name, String x, float epsilon) {
    return scope.layerNorm(x, stored(name + ".weight"), stored(name + ".bias"), epsilon);
  }

  private static Tensor transpose(Tensor matrix, Arena arena) {
    int rows = matrix.shape().dim(0);
    int columns = matrix.shape().dim(1);
    Tensor transposed = Tensor.allocate(arena, Shape.of(columns, rows));
    for (int row = 0; row < rows; row++) {
      float[] values = matrix.slice(row, 1).toFloats();
      for (int column = 0; column < columns; column++) {
        long at = ((long) column * rows + row) * Float.BYTES;
        transposed.segment().set(FLOAT, transposed.byteOffset() + at, values[column]);
      }
    }
    return transposed;
  }
}
