package io.vitj.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph under construction. A value is its name; constants of equal content are one, and made
 * when they are written.
 */
final class OnnxGraph {
  private final List<ValueInfoProto> inputs = new ArrayList<>();
  private final List<ValueInfoProto> outputs = new ArrayList<>();
  private final List<NodeProto> nodes = new ArrayList<>();
  private final Map<String, Constant> constants = new LinkedHashMap<>();
  private final Map<String, String> outputNames = new HashMap<>();
  private final Map<String, Integer> nodesByName = new HashMap<>();
  private final Batch batch;

  /**
   * How many images a graph takes.
   *
   * @param size the number; 0 where it is open
   */
  record Batch(int size) {
    private static final String NAME = "batch";

    boolean open() {
      return size == 0;
    }
  }

  OnnxGraph(Batch batch) {
    this.batch = batch;
  }

  /** Returns how many images the graph takes. */
  Batch batch() {
    return batch;
  }

  /**
   * Adds an input.
   *
   * @param name its name
   * @param dims its extents behind the batch
   * @return the value
   */
  String input(String name, int... dims) {
    inputs.add(info(name, dims));
    return name;
  }

  /**
   * Makes a value an output.
   *
   * @param name what it is called from now on
   * @param value a value that a node makes, and that is no output yet
   * @param dims its extents behind the batch
   */
  void output(String name, String value, int... dims) {
    outputNames.put(value, name);
    outputs.add(info(name, dims));
  }

  private ValueInfoProto info(String name, int... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    if (batch.open()) {
      shape.addDimBuilder().setDimParam(Batch.NAME);
    } else {
      shape.addDimBuilder().setDimValue(batch.size());
    }
    for (int dim : dims) {
      shape.addDimBuilder().setDimValue(dim);
    }
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(DataType.FLOAT_VALUE).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /**
   * Adds a node.
   *
   * @param part the part of the model that it belongs to
   * @param op the operator
   * @param results how many values it makes
   * @param attributes its attributes
   * @param arguments the values that it takes
   * @return the values that it makes
   */
  List<String> node(
      String part, String op, int results, List<AttributeProto> attributes, String... arguments) {
    String base = part.isEmpty() ? op : part + '/' + op;
    int before = nodesByName.merge(base, 1, Integer::sum) - 1;
    String name = before == 0 ? base : base + '_' + before;
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setName(name)
            .setOpType(op)
            .addAllAttribute(attributes)
            .addAllInput(List.of(arguments));
    for (int i = 0; i < results; i++) {
      node.addOutput(name + "_output_" + i);
    }
    nodes.add(node.build());
    return node.getOutputList();
  }

  /**
   * Adds a constant, unless there is one of its name.
   *
   * @param constant the constant
   * @return the value
   */
  String constant(Constant constant) {
    constants.putIfAbsent(constant.name(), constant);
    return constant.name();
  }

  /**
   * Adds one number.
   *
   * @param value the number
   * @return the value, without axes
   */
  String scalar(float value) {
    Shape none = Shape.of();
    return constant(
        Constant.floats("float_" + value, none, arena -> Tensor.of(arena, none, value)));
  }

  /**
   * Adds integers: a shape, axes, or bounds.
   *
   * @param values the integers
   * @return the value, a vector
   */
  String longs(long... values) {
    StringBuilder name = new StringBuilder("int64");
    for (long value : values) {
      name.append('_').append(value);
    }
    return constant(Constant.longs(name.toString(), Shape.of(values.length), values));
  }

  /** Returns the constants, in the order in which they were asked for. */
  Collection<Constant> constants() {
    return Collections.unmodifiableCollection(constants.values());
  }

  /**
   * Finishes.
   *
   * @param name what to call the graph
   * @return the graph without its constants
   */
  GraphProto build(String name) {
    GraphProto.Builder graph =
        GraphProto.newBuilder().setName(name).addAllInput(inputs).addAllOutput(outputs);
    for (NodeProto node : nodes) {
      NodeProto.Builder renamed = node.toBuilder();
      for (int i = 0; i < node.getInputCount(); i++) {
        renamed.setInput(i, outputNames.getOrDefault(node.getInput(i), node.getInput(i)));
      }
      for (int i = 0; i < node.getOutputCount(); i++) {
        renamed.setOutput(i, outputNames.getOrDefault(node.getOutput(i), node.getOutput(i)));
      }
      graph.addNode(renamed);
    }
    return graph.build();
  }
}
