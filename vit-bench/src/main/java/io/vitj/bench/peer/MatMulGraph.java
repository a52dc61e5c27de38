package io.vitj.bench.peer;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.vitj.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** An ONNX graph of one node: y = x·Wᵀ, with W constant, so that it can be packed beforehand. */
final class MatMulGraph {
  private static final int OPSET = 17;
  private static final int IR_VERSION = 8;

  private MatMulGraph() {}

  /** Writes the graph for a weight (outputs, inputs) and so many rows of x. */
  static void write(Path file, Tensor weight, int rows) throws IOException {
    int outputs = weight.shape().dim(0);
    int inputs = weight.shape().dim(1);
    TensorProto constant =
        TensorProto.newBuilder()
            .setName("w")
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addDims(inputs)
            .addDims(outputs)
            .setRawData(ByteString.copyFrom(transposed(weight)))
            .build();
    GraphProto graph =
        GraphProto.newBuilder()
            .setName("matmul")
            .addInput(matrix("x", rows, inputs))
            .addOutput(matrix("y", rows, outputs))
            .addInitializer(constant)
            .addNode(
                NodeProto.newBuilder()
                    .setOpType("MatMul")
                    .addInput("x")
                    .addInput("w")
                    .addOutput("y"))
            .build();
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
            .setGraph(graph)
            .build();
    Files.write(file, model.toByteArray());
  }

  private static ValueInfoProto matrix(String name, int rows, int columns) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimValue(rows);
    shape.addDimBuilder().setDimValue(columns);
    TypeProto.Tensor.Builder type =
        TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(type))
        .build();
  }

  private static byte[] transposed(Tensor weight) {
    int outputs = weight.shape().dim(0);
    int inputs = weight.shape().dim(1);
    float[] values = weight.toFloats();
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int input = 0; input < inputs; input++) {
      for (int output = 0; output < outputs; output++) {
        bytes.putFloat(values[output * inputs + input]);
      }
    }
    return bytes.array();
  }
}
