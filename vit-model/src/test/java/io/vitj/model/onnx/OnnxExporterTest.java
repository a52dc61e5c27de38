package io.vitj.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.vitj.model.ModelException;
import io.vitj.model.RelativePositions;
import io.vitj.model.Rotary;
import io.vitj.model.SequenceStart;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfig.MlpKind;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.ViTConfig.QkvBias;
import io.vitj.model.ViTConfigBuilder;
import io.vitj.model.ViTWeights;
import io.vitj.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxExporterTest {
  @TempDir private Path folder;

  private static ViTConfigBuilder small() {
    return ViTConfig.builder()
        .image(12)
        .patch(4)
        .width(8)
        .depth(2)
        .heads(2)
        .mlpHidden(20)
        .classes(3);
  }

  /** One for each way through the graph. */
  static Stream<ViTConfig> configs() {
    return Stream.of(
        small().build(),
        small().imageWidth(20).registerTokens(2).layerScale(true).build(),
        small().distillationToken(true).distilledHead(true).build(),
        small().classToken(false).pooling(Pooling.AVG).finalNorm(false).fcNorm(true).build(),
        small().pooling(Pooling.TOKEN_AND_AVG).build(),
        small().classes(0).pooling(Pooling.NONE).qkvBias(QkvBias.NONE).build(),
        small().classes(0).poolerWidth(5).positions(Positions.NONE).build(),
        small().classes(0).preNorm(true).patchBias(false).projectionWidth(6).build(),
        small().mlpKind(MlpKind.SWIGLU).image(14).build(),
        small().classToken(false).classes(0).pooling(Pooling.ATTENTION).build(),
        small()
            .positions(Positions.NONE)
            .relativePositions(new RelativePositions(false, RelativePositions.Resampling.GEOMETRIC))
            .qkvBias(QkvBias.QUERY_AND_VALUE)
            .build(),
        small()
            .relativePositions(new RelativePositions(true, RelativePositions.Resampling.BILINEAR))
            .build(),
        small()
            .rotary(new Rotary(Rotary.Coordinates.INDEX, 10_000, 4, 4, true))
            .attentionNorm(true)
            .mlpKind(MlpKind.SWIGLU_APART)
            .mlpNorm(true)
            .build(),
        small()
            .rotary(new Rotary(Rotary.Coordinates.CENTRE, 100, 0, 0, false))
            .registerTokens(3)
            .positions(Positions.NONE)
            .build());
  }

  private ModelProto export(ViTConfig config) {
    return export(OnnxExporter.of(ViTWeights.random(config, 1)));
  }

  private ModelProto export(OnnxExporter exporter) {
    Path file = folder.resolve("model.onnx");
    exporter.write(file);
    try {
      return ModelProto.parseFrom(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void everyValueIsMadeOnceAndBeforeItIsUsed(ViTConfig config) {
    GraphProto graph = export(config).getGraph();
    Set<String> made = new HashSet<>();
    graph.getInputList().forEach(input -> assertThat(made.add(input.getName())).isTrue());
    graph.getInitializerList().forEach(c -> assertThat(made.add(c.getName())).isTrue());
    Set<String> used = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (NodeProto node : graph.getNodeList()) {
      assertThat(names.add(node.getName())).as(node.getName()).isTrue();
      assertThat(made).as(node.getName()).containsAll(node.getInputList());
      used.addAll(node.getInputList());
      node.getOutputList().forEach(output -> assertThat(made.add(output)).isTrue());
    }
    List<String> outputs = graph.getOutputList().stream().map(ValueInfoProto::getName).toList();
    assertThat(made).containsAll(outputs);
    used.addAll(outputs);
    assertThat(used).containsAll(made);
  }

  @ParameterizedTest
  @MethodSource("configs")
  void theGraphHoldsEveryParameter(ViTConfig config) {
    ViTWeights weights = ViTWeights.random(config, 1);
    Map<String, TensorProto> constants = constants(export(config));
    try (Arena arena = Arena.ofConfined()) {
      Set<String> inStart = Set.of("cls_token", "dist_token", "reg_token", "pos_embed");
      for (var parameter : config.parameters()) {
        boolean ofQkv = parameter.name().matches(".*\\.[qv]_bias"); // one constant for both
        String name = parameter.name().replaceFirst("[qv]_bias$", "qkv.bias");
        if (!inStart.contains(name)) {
          Tensor tensor =
              ofQkv
                  ? weights.qkvBias(name.replaceFirst("qkv.bias$", ""), arena)
                  : weights.get(name, arena);
          boolean asStored = constants.containsKey(name);
          float[] expected = asStored ? tensor.toFloats() : transposed(tensor);
          assertThat(floats(constants.get(asStored ? name : name + ".T").getRawData()))
              .as(name)
              .isEqualTo(expected);
        }
      }
      float[] start = SequenceStart.of(weights, arena).at(config).toFloats();
      assertThat(sequence(constants, config)).isEqualTo(start);
    }
  }

  private static float[] transposed(Tensor matrix) {
    int rows = matrix.shape().dim(0);
    int columns = matrix.shape().dim(1);
    float[] transposed = new float[rows * columns];
    for (int i = 0; i < transposed.length; i++) {
      transposed[i] = matrix.get(i % rows, i / rows);
    }
    return transposed;
  }

  private static float[] sequence(Map<String, TensorProto> constants, ViTConfig config) {
    ByteString prefix =
        config.prefixTokens() == 0 ? ByteString.EMPTY : constants.get("prefix_tokens").getRawData();
    ByteString patches =
        config.positions() == Positions.NONE
            ? ByteString.copyFrom(new byte[config.patches() * config.width() * Float.BYTES])
            : constants.get("pos_embed.patches").getRawData();
    return floats(prefix.concat(patches));
  }

  private static float[] floats(ByteString bytes) {
    float[] values = new float[bytes.size() / Float.BYTES];
    bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  private static Map<String, TensorProto> constants(ModelProto model) {
    return model.getGraph().getInitializerList().stream()
        .collect(Collectors.toMap(TensorProto::getName, constant -> constant));
  }

  @Test
  void theModelSaysItsVersions() {
    ModelProto model = export(small().build());
    assertThat(model.getIrVersion()).isEqualTo(8);
    assertThat(model.getOpsetImportList()).hasSize(1);
    assertThat(model.getOpsetImport(0).getVersion()).isEqualTo(17);
    assertThat(model.getOpsetImport(0).getDomain()).isEmpty();
    assertThat(model.getProducerName()).isEqualTo("vitj");
  }

  @Test
  void theBatchIsOpenUnlessItIsFixed() {
    OnnxExporter exporter = OnnxExporter.of(ViTWeights.random(small().build(), 1));
    GraphProto open = export(exporter).getGraph();
    assertThat(shape(open.getInput(0))).containsExactly("batch", "3", "12", "12");
    assertThat(shape(open.getOutput(0))).containsExactly("batch", "3");
    assertThat(open.getInput(0).getName()).isEqualTo("pixel_values");
    assertThat(open.getNodeList()).extracting(NodeProto::getOpType).contains("Shape");
    GraphProto fixed = export(exporter.batch(4)).getGraph();
    assertThat(shape(fixed.getInput(0))).containsExactly("4", "3", "12", "12");
    assertThat(shape(fixed.getOutput(0))).containsExactly("4", "3");
    assertThat(fixed.getNodeList()).extracting(NodeProto::getOpType).doesNotContain("Shape");
    assertThatThrownBy(() -> exporter.batch(0))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("0");
  }

  private static List<String> shape(ValueInfoProto value) {
    return value.getType().getTensorType().getShape().getDimList().stream()
        .map(d -> d.hasDimParam() ? d.getDimParam() : String.valueOf(d.getDimValue()))
        .toList();
  }

  @Test
  void outputsAreNamedAsInATrace() {
    Map<ViTConfig, List<String>> expected = new HashMap<>();
    expected.put(small().build(), List.of("logits"));
    expected.put(
        small().distillationToken(true).distilledHead(true).build(),
        List.of("cls_logits", "distillation_logits", "logits"));
    expected.put(small().classes(0).build(), List.of("features", "embedding"));
    expected.put(small().classes(0).pooling(Pooling.NONE).build(), List.of("features"));
    expected.put(small().classes(0).poolerWidth(5).build(), List.of("features", "pooler_output"));
    expected.put(
        small().classes(0).projectionWidth(5).build(), List.of("features", "image_embeds"));
    expected.forEach(
        (config, names) ->
            assertThat(export(config).getGraph().getOutputList())
                .extracting(ValueInfoProto::getName)
                .isEqualTo(names));
  }

  @Test
  void anotherInputSizeResamplesThePositions() {
    ViTWeights weights = ViTWeights.random(small().build(), 1);
    ModelProto model = export(OnnxExporter.of(weights).at(16, 24));
    assertThat(shape(model.getGraph().getInput(0))).containsExactly("batch", "3", "16", "24");
    ViTConfig larger = weights.config().at(16, 24);
    try (Arena arena = Arena.ofConfined()) {
      float[] start = SequenceStart.of(weights, arena).at(larger).toFloats();
      assertThat(sequence(constants(model), larger)).isEqualTo(start);
    }
    assertThat(OnnxExporter.of(ViTWeights.random(small().image(14).build(), 1)).at(14, 14))
        .isNotNull(); // a size of its own that the patch does not divide, as DINOv2's may be
    assertThatThrownBy(() -> OnnxExporter.of(weights).at(15, 16))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("15");
  }

  @Test
  void whatAMessageCannotHoldLiesBesideIt() throws IOException {
    OnnxExporter exporter =
        OnnxExporter.of(ViTWeights.random(small().width(32).heads(4).build(), 1));
    Map<String, TensorProto> inside = constants(export(exporter));
    ModelProto model = export(exporter.maxBytes(10_000));
    ByteBuffer data = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("model.onnx.data")));
    List<Long> offsets = new ArrayList<>();
    for (TensorProto constant : model.getGraph().getInitializerList()) {
      ByteString expected = inside.get(constant.getName()).getRawData();
      assertThat(constant.getDimsList()).isEqualTo(inside.get(constant.getName()).getDimsList());
      if (expected.size() < 1024) {
        assertThat(constant.getRawData()).isEqualTo(expected);
        continue;
      }
      assertThat(constant.getDataLocation()).isEqualTo(TensorProto.DataLocation.EXTERNAL);
      assertThat(constant.hasRawData()).isFalse();
      Map<String, String> where =
          constant.getExternalDataList().stream()
              .collect(
                  Collectors.toMap(
                      StringStringEntryProto::getKey, StringStringEntryProto::getValue));
      assertThat(where).containsEntry("location", "model.onnx.data");
      int offset = Integer.parseInt(where.get("offset"));
      offsets.add((long) offset);
      assertThat(offset % 4096).isZero();
      int length = Integer.parseInt(where.get("length"));
      assertThat(ByteString.copyFrom(data.slice(offset, length))).isEqualTo(expected);
    }
    assertThat(offsets).hasSizeGreaterThan(5).doesNotHaveDuplicates();
  }

  @Test
  void aWeightThatCannotBeReadLeavesTheOldFile() throws IOException {
    Path file = Files.writeString(folder.resolve("model.onnx"), "old");
    ViTWeights weights = ViTWeights.random(small().build(), 1);
    ViTWeights broken =
        new ViTWeights() {
          @Override
          public ViTConfig config() {
            return weights.config();
          }

          @Override
          public Tensor get(String name, Arena arena) {
            if (name.equals("head.weight")) {
              throw new ModelException("the head is missing");
            }
            return weights.get(name, arena);
          }
        };
    assertThatThrownBy(() -> OnnxExporter.of(broken).write(file)).hasMessage("the head is missing");
    assertThat(file).hasContent("old");
    assertThat(folder).isDirectoryContaining(file::equals);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  /** A program that does not export need not have protobuf. */
  @Test
  void withoutProtobufOneLineSaysWhatIsMissing() throws Exception {
    try (URLClassLoader loader = withoutProtobuf()) {
      Class<?> exporter = loader.loadClass(OnnxExporter.class.getName());
      Class<?> weights = loader.loadClass(ViTWeights.class.getName());
      assertThatThrownBy(() -> exporter.getMethod("of", weights).invoke(null, (Object) null))
          .hasRootCauseInstanceOf(ClassNotFoundException.class)
          .cause()
          .hasMessageContaining("org.tribuo:tribuo-util-onnx")
          .hasMessageContaining("add them to the dependencies");
    }
  }

  private static URLClassLoader withoutProtobuf() {
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
      if (!entry.contains("protobuf") && !entry.contains("tribuo")) {
        try {
          urls.add(Path.of(entry).toUri().toURL());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }
}
