package io.vitj.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import com.google.protobuf.ByteString;
import io.vitj.model.Presets;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTWeights;
import io.vitj.model.onnx.OnnxExporter;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Int8GraphTest {
  private static final int ROWS = 3;
  private static final int INPUTS = 40;
  private static final int OUTPUTS = 5;

  @TempDir private Path folder;

  @Test
  void computesWhatItIsDefinedAs() throws IOException, OrtException {
    float[] x = Workload.normal(ROWS * INPUTS, 1);
    float[] weight = Workload.normal(OUTPUTS * INPUTS, 0.3);
    Arrays.fill(weight, 0, INPUTS, 0); // an output of zeros
    Path single = folder.resolve("single.onnx");
    try (Arena arena = Arena.ofConfined()) {
      MatMulGraph.write(single, Tensor.of(arena, Shape.of(OUTPUTS, INPUTS), weight), ROWS);
    }
    Path integers = folder.resolve("int8.onnx");
    Int8Graph.write(single, integers);
    float[] actual = run(integers, x, ROWS, INPUTS);
    double[] expected = reference(x, weight);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).isEqualTo(expected[i], within(1e-5));
    }
  }

  private static float[] run(Path graph, float[] x, long... shape) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (SessionOptions options = new SessionOptions();
        OrtSession session = environment.createSession(graph.toString(), options);
        OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), shape);
        OrtSession.Result result =
            session.run(Map.of(session.getInputNames().iterator().next(), input))) {
      FloatBuffer output = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] y = new float[output.remaining()];
      output.get(y);
      return y;
    }
  }

  /** x as integers from 0 to 255 over its range with 0 in it, each row of W from −127 to 127. */
  private static double[] reference(float[] x, float[] weight) {
    float low = 0;
    float high = 0;
    for (float value : x) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    float scale = (high - low) / 255;
    double zero = Math.rint(-low / scale);
    double[] y = new double[ROWS * OUTPUTS];
    for (int output = 0; output < OUTPUTS; output++) {
      double largest = 0;
      for (int i = 0; i < INPUTS; i++) {
        largest = Math.max(largest, Math.abs(weight[output * INPUTS + i]));
      }
      double step = largest == 0 ? 1 : largest / 127;
      for (int row = 0; row < ROWS; row++) {
        double sum = 0;
        for (int i = 0; i < INPUTS; i++) {
          double q = Math.clamp(Math.rint(x[row * INPUTS + i] / scale) + zero, 0, 255);
          sum += (q - zero) * Math.rint(weight[output * INPUTS + i] / step);
        }
        y[row * OUTPUTS + output] = scale * step * sum;
      }
    }
    return y;
  }

  @Test
  void isFusedWithItsBiases() throws IOException, OrtException {
    ViTConfig config =
        ViTConfig.builder().image(8).patch(4).width(8).depth(2).heads(2).mlpHidden(12).build();
    Path single = folder.resolve("single.onnx");
    OnnxExporter.of(ViTWeights.random(config, 1)).batch(1).write(single);
    Path integers = folder.resolve("int8.onnx");
    Int8Graph.write(single, integers);
    List<NodeProto> nodes = optimized(integers).getGraph().getNodeList();
    assertThat(nodes)
        .filteredOn(node -> node.getOpType().equals("DynamicQuantizeMatMul"))
        .hasSize(4 * 2)
        .allSatisfy(node -> assertThat(node.getInputCount()).isEqualTo(5))
        .allSatisfy(node -> assertThat(node.getInput(4)).endsWith("bias"));
    assertThat(nodes)
        .extracting(NodeProto::getOpType)
        .doesNotContain("DynamicQuantizeLinear", "MatMulInteger", "MatMulIntegerToFloat");
  }

  @Test
  void exceedsTheToleranceWithAWrongScale() throws IOException, OrtException {
    ViTConfig config = Presets.arguments("vit_tiny_patch16_224").config().at(32, 32);
    Path single = folder.resolve("single.onnx");
    OnnxExporter.of(ViTWeights.random(config, Workload.SEED)).batch(1).write(single);
    Path integers = folder.resolve("int8.onnx");
    Int8Graph.write(single, integers);
    ModelProto.Builder broken = read(integers).toBuilder();
    for (TensorProto.Builder constant : broken.getGraphBuilder().getInitializerBuilderList()) {
      if (constant.getName().equals("blocks.6.mlp.fc2.weight.T.scale")) {
        FloatBuffer scales = Int8Graph.floats(constant.getRawData());
        ByteBuffer doubled = ByteBuffer.allocate(constant.getRawData().size());
        doubled.order(ByteOrder.LITTLE_ENDIAN);
        while (scales.hasRemaining()) {
          doubled.putFloat(2 * scales.get());
        }
        constant.setRawData(ByteString.copyFrom(doubled.flip()));
      }
    }
    Path wrong = folder.resolve("wrong.onnx");
    Files.write(wrong, broken.build().toByteArray());
    float[] x = Workload.normal(3 * 32 * 32, 1);
    float[] expected = run(single, x, 1, 3, 32, 32);
    double tolerance = EngineKind.ONNXRUNTIME_JAVA_INT8.tolerance();
    assertThat(Contestant.difference(run(integers, x, 1, 3, 32, 32), expected))
        .isLessThan(tolerance);
    assertThat(Contestant.difference(run(wrong, x, 1, 3, 32, 32), expected))
        .isGreaterThan(tolerance);
  }

  /** What ONNX Runtime makes of a graph. */
  private ModelProto optimized(Path graph) throws IOException, OrtException {
    Path file = folder.resolve("optimized.onnx");
    try (SessionOptions options = new SessionOptions()) {
      options.setOptimizationLevel(SessionOptions.OptLevel.EXTENDED_OPT);
      options.setOptimizedModelFilePath(file.toString());
      OrtEnvironment.getEnvironment().createSession(graph.toString(), options).close();
    }
    return read(file);
  }

  private static ModelProto read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return ModelProto.parseFrom(in);
    }
  }
}
