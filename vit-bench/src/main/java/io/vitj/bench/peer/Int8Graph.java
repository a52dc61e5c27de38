package io.vitj.bench.peer;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Turns the products of a graph with constant matrices into products of 8-bit integers, which is
 * what {@code quantize_dynamic} of ONNX Runtime's Python package makes of a transformer. Of y = x·W
 * become
 *
 * <pre>
 * q, s, z = DynamicQuantizeLinear(x)                   x ≈ s·(q − z), q from 0 to 255
 * y = Cast(MatMulInteger(q, V, z)) · (s · t)           W[:, j] ≈ t[j]·V[:, j], V from −127 to 127
 * </pre>
 *
 * <p>ONNX Runtime fuses these, with a bias that is added, into one DynamicQuantizeMatMul. Products
 * of attention, the convolution of the patches and the classifier (Gemm) stay as they are.
 */
final class Int8Graph {
  private static final int LARGEST = Byte.MAX_VALUE;

  private final GraphProto.Builder quantized;
  private final Map<String, TensorProto> constants = new HashMap<>();
  private final Set<String> products = new HashSet<>();

  private Int8Graph(GraphProto graph) {
    quantized = graph.toBuilder().clearNode().clearInitializer();
    graph.getInitializerList().forEach(constant -> constants.put(constant.getName(), constant));
    graph.getNodeList().forEach(this::add);
    graph.getInitializerList().stream()
        .filter(constant -> constants.containsKey(constant.getName()))
        .forEach(quantized::addInitializer);
  }

  /**
   * Quantizes a graph.
   *
   * @param file a model in single precision with all constants inside
   * @param to the file to write
   */
  static void write(Path file, Path to) throws IOException {
    ModelProto model;
    try (InputStream in = Files.newInputStream(file)) {
      model = ModelProto.parseFrom(in);
    }
    GraphProto graph = new Int8Graph(model.getGraph()).quantized.build();
    try (OutputStream out = Files.newOutputStream(to)) {
      model.toBuilder().setGraph(graph).build().writeTo(out);
    }
  }

  private void add(NodeProto node) {
    if (node.getOpType().equals("MatMul") && constants.containsKey(node.getInput(1))) {
      product(node, constants.remove(node.getInput(1)));
    } else if (node.getOpType().equals("Add") && products.contains(node.getInput(1))) {
      // only a bias in second place is fused
      quantized.addNode(
          node.toBuilder().setInput(0, node.getInput(1)).setInput(1, node.getInput(0)));
    } else {
      quantized.addNode(node);
    }
  }

  private void product(NodeProto node, TensorProto matrix) {
    String y = node.getOutput(0);
    String x = node.getInput(0);
    String v = node.getInput(1) + ".int8";
    String t = node.getInput(1) + ".scale";
    quantize(matrix, v, t);
    node("DynamicQuantizeLinear", x).addOutput(y + ".q").addOutput(y + ".s").addOutput(y + ".z");
    node("MatMulInteger", y + ".q", v, y + ".z").addOutput(y + ".int32");
    node("Cast", y + ".int32")
        .addOutput(y + ".float")
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("to")
                .setType(AttributeType.INT)
                .setI(DataType.FLOAT_VALUE));
    node("Mul", y + ".s", t).addOutput(y + ".scale");
    node("Mul", y + ".float", y + ".scale").addOutput(y);
    products.add(y);
  }

  private NodeProto.Builder node(String op, String... arguments) {
    NodeProto.Builder node = quantized.addNodeBuilder().setOpType(op);
    for (String argument : arguments) {
      node.addInput(argument);
    }
    return node;
  }

  /** Adds a matrix (in, out) as integers, with a scale for each column. */
  private void quantize(TensorProto matrix, String integers, String scale) {
    FloatBuffer values = floats(matrix.getRawData());
    int columns = Math.toIntExact(matrix.getDims(1));
    float[] scales = scales(values, columns);
    byte[] bytes = new byte[values.capacity()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(values.get(i) / scales[i % columns]);
    }
    quantized.addInitializer(
        TensorProto.newBuilder()
            .setName(integers)
            .setDataType(DataType.INT8_VALUE)
            .addAllDims(matrix.getDimsList())
            .setRawData(ByteString.copyFrom(bytes)));
    ByteBuffer raw = ByteBuffer.allocate(columns * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(scales);
    quantized.addInitializer(
        TensorProto.newBuilder()
            .setName(scale)
            .setDataType(DataType.FLOAT_VALUE)
            .addDims(columns)
            .setRawData(ByteString.copyFrom(raw)));
  }

  static FloatBuffer floats(ByteString raw) {
    return raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  private static float[] scales(FloatBuffer values, int columns) {
    float[] scales = new float[columns];
    for (int i = 0; i < values.capacity(); i++) {
      scales[i % columns] = Math.max(scales[i % columns], Math.abs(values.get(i)) / LARGEST);
    }
    for (int i = 0; i < columns; i++) {
      scales[i] = scales[i] == 0 ? 1 : scales[i]; // a column of zeros
    }
    return scales;
  }
}
