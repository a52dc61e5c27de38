package io.vitj.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import io.vitj.tensor.Shape;
import java.util.List;

/**
 * Adds nodes to a graph that are named after one part of the model. Operators are those of opset
 * 17.
 *
 * @param graph the graph
 * @param part the part, as its parameters are named
 */
record Scope(OnnxGraph graph, String part) {
  /**
   * Names a part of this part.
   *
   * @param name its name
   * @return its scope
   */
  Scope in(String name) {
    return new Scope(graph, part.isEmpty() ? name : part + '/' + name);
  }

  /**
   * Adds a node without attributes.
   *
   * @param op the operator
   * @param arguments the values that it takes
   * @return the value that it makes
   */
  String op(String op, String... arguments) {
    return op(op, List.of(), arguments);
  }

  private String op(String op, List<AttributeProto> attributes, String... arguments) {
    return graph.node(part, op, 1, attributes, arguments).getFirst();
  }

  String add(String a, String b) {
    return op("Add", a, b);
  }

  String mul(String a, String b) {
    return op("Mul", a, b);
  }

  String mul(String a, float b) {
    return mul(a, graph.scalar(b));
  }

  String matMul(String a, String b) {
    return op("MatMul", a, b);
  }

  /** Computes a·bᵀ + c of matrices, where c may be null. */
  String gemm(String a, String b, String c) {
    List<AttributeProto> transposed = List.of(integer("transB", 1));
    return c == null ? op("Gemm", transposed, a, b) : op("Gemm", transposed, a, b, c);
  }

  /** Convolves with a square kernel whose stride is its size. */
  String patches(String x, int patch, String... weights) {
    String[] arguments = new String[1 + weights.length];
    arguments[0] = x;
    System.arraycopy(weights, 0, arguments, 1, weights.length);
    return op(
        "Conv",
        List.of(integers("kernel_shape", patch, patch), integers("strides", patch, patch)),
        arguments);
  }

  String layerNorm(String x, String gamma, String beta, float epsilon) {
    return op(
        "LayerNormalization",
        List.of(integer("axis", -1), number("epsilon", epsilon)),
        x,
        gamma,
        beta);
  }

  String softmax(String x) {
    return op("Softmax", List.of(integer("axis", -1)), x);
  }

  /** Reshapes; an extent 0 stays as it is. */
  String reshape(String x, long... dims) {
    return op("Reshape", x, graph.longs(dims));
  }

  String transpose(String x, int... axes) {
    return op("Transpose", List.of(integers("perm", axes)), x);
  }

  String concat(int axis, String... parts) {
    return op("Concat", List.of(integer("axis", axis)), parts);
  }

  /** Cuts the last axis into parts of these widths. */
  List<String> split(String x, long... widths) {
    return graph.node(
        part, "Split", widths.length, List.of(integer("axis", -1)), x, graph.longs(widths));
  }

  /** Takes entries from one on, each step-th. */
  String slice(String x, int axis, int from, int step) {
    return op(
        "Slice",
        x,
        graph.longs(from),
        graph.longs(Long.MAX_VALUE),
        graph.longs(axis),
        graph.longs(step));
  }

  /** Takes one entry of axis 1, which then is no axis any more. */
  String token(String x, int index) {
    String scalar = graph.constant(Constant.longs("index_" + index, Shape.of(), index));
    return op("Gather", List.of(integer("axis", 1)), x, scalar);
  }

  /** Takes the rows of a table that an index names: the axes of the index, then those of a row. */
  String rows(String table, String index) {
    return op("Gather", List.of(integer("axis", 0)), table, index);
  }

  /** The mean over axis 1, which then is no axis any more. */
  String meanOfTokens(String x) {
    return op("ReduceMean", List.of(integers("axes", 1), integer("keepdims", 0)), x);
  }

  /**
   * Repeats a constant (1, …) for each image.
   *
   * @param constant the value
   * @param like a value with one entry for each image
   * @param dims the extents of the constant behind the first
   * @return the value (B, …)
   */
  String forEachImage(String constant, String like, long... dims) {
    long[] shape = new long[1 + dims.length];
    System.arraycopy(dims, 0, shape, 1, dims.length);
    if (!graph.batch().open()) {
      shape[0] = graph.batch().size();
      return op("Expand", constant, graph.longs(shape));
    }
    String batch = op("Shape", List.of(integer("start", 0), integer("end", 1)), like);
    return op("Expand", constant, concat(0, batch, graph.longs(dims)));
  }

  private static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  private static AttributeProto number(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  private static AttributeProto integers(String name, int... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (int value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }
}
