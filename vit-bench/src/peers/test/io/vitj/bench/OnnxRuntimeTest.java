package io.vitj.bench;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.vitj.model.RelativePositions;
import io.vitj.model.Rotary;
import io.vitj.model.Trace;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfig.MlpKind;
import io.vitj.model.ViTConfig.Pooling;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.ViTConfig.QkvBias;
import io.vitj.model.ViTConfigBuilder;
import io.vitj.model.ViTWeights;
import io.vitj.model.VisionTransformer;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.checkpoint.family.ModelDirectory;
import io.vitj.model.onnx.OnnxExporter;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.kernel.Activation;
import io.vitj.tensor.parallel.Parallel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exported graphs, run by ONNX Runtime. */
class OnnxRuntimeTest {
  /** A tensor may differ by this much of its largest value: the bar of the golden cases. */
  private static final float TOLERANCE = 5e-5f;

  /** What golden cases call an output that has another name in a trace. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of("last_hidden_state", "features", "pooler_output", "embedding");

  @TempDir private Path folder;

  static Stream<Path> goldens() {
    return Stream.of(
            Path.of("../vit-model/src/test/resources/goldens"), Path.of("../../shared/goldens"))
        .filter(Files::isDirectory)
        .flatMap(OnnxRuntimeTest::cases);
  }

  private static Stream<Path> cases(Path goldens) {
    try (Stream<Path> cases = Files.list(goldens)) {
      return cases
          .filter(directory -> Files.exists(directory.resolve("expected.safetensors")))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void equalsTheReference(Path directory) throws OrtException {
    try (Arena arena = Arena.ofConfined();
        ModelDirectory model = ModelDirectory.open(directory);
        CheckpointFile expected = CheckpointFile.open(directory.resolve("expected.safetensors"))) {
      Map<String, Tensor> reference = new HashMap<>();
      expected.tensors().keySet().forEach(name -> reference.put(name, expected.read(name, arena)));
      OTHER_NAMES.forEach(
          (theirs, ours) -> {
            if (reference.containsKey(theirs)) {
              reference.putIfAbsent(ours, reference.get(theirs));
            }
          });
      Tensor pixels = reference.get("pixel_values");
      OnnxExporter exporter =
          OnnxExporter.of(model.weights()).at(pixels.shape().dim(2), pixels.shape().dim(3));
      assertThat(compare(exporter, pixels, reference)).isPositive();
    }
  }

  private static ViTConfigBuilder small() {
    return ViTConfig.builder()
        .image(20)
        .patch(4)
        .width(16)
        .depth(2)
        .heads(2)
        .mlpHidden(20)
        .classes(3);
  }

  /** One for each way through the graph. */
  static Stream<ViTConfig> configs() {
    return Stream.of(
        small().imageWidth(12).registerTokens(2).layerScale(true).build(),
        small().distillationToken(true).distilledHead(true).build(),
        small().classToken(false).pooling(Pooling.AVG).finalNorm(false).fcNorm(true).build(),
        small().activation(Activation.GELU_TANH).pooling(Pooling.TOKEN_AND_AVG).build(),
        small().activation(Activation.SILU).qkvBias(QkvBias.NONE).build(),
        small().activation(Activation.RELU).classes(0).pooling(Pooling.NONE).build(),
        small().classes(0).poolerWidth(5).poolerActivation(Activation.TANH).build(),
        small()
            .classes(0)
            .preNorm(true)
            .patchBias(false)
            .activation(Activation.QUICK_GELU)
            .projectionWidth(6)
            .build(),
        small().mlpKind(MlpKind.SWIGLU).build(),
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

  @ParameterizedTest
  @MethodSource("configs")
  void equalsTheEngine(ViTConfig config) throws OrtException {
    ViTWeights weights = new Amplified(ViTWeights.random(config, 1));
    ViTConfig larger = config.at(config.imageHeight() + 8, config.imageWidth() + 4);
    for (ViTConfig sized : List.of(config, larger)) {
      try (Arena arena = Arena.ofShared();
          Parallel parallel = Parallel.sequential()) {
        Tensor pixels = pixels(arena, sized);
        VisionTransformer model = VisionTransformer.of(weights, arena);
        Map<String, Tensor> trace = Trace.of(model, pixels, parallel, arena);
        OnnxExporter exporter =
            OnnxExporter.of(weights).at(sized.imageHeight(), sized.imageWidth());
        int open = compare(exporter, pixels, trace);
        assertThat(open).isPositive().isEqualTo(compare(exporter.batch(2), pixels, trace));
      }
    }
  }

  /** Compares all outputs of a graph that a reference has, and counts them. */
  private int compare(OnnxExporter exporter, Tensor pixels, Map<String, Tensor> reference)
      throws OrtException {
    Path file = folder.resolve("model.onnx");
    exporter.write(file);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = IntStream.of(pixels.shape().dims()).asLongStream().toArray();
    int compared = 0;
    try (SessionOptions options = new SessionOptions();
        OrtSession session = environment.createSession(file.toString(), options);
        OnnxTensor input =
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels.toFloats()), shape);
        OrtSession.Result result = session.run(Map.of("pixel_values", input))) {
      for (var output : result) {
        Tensor expected = reference.get(output.getKey());
        if (expected != null) {
          OnnxTensor actual = (OnnxTensor) output.getValue();
          assertThat(actual.getInfo().getShape())
              .isEqualTo(IntStream.of(expected.shape().dims()).asLongStream().toArray());
          assertClose(output.getKey(), actual.getFloatBuffer(), expected.toFloats());
          compared++;
        }
      }
    }
    return compared;
  }

  private static void assertClose(String name, FloatBuffer actual, float[] expected) {
    float largest = 1;
    float error = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      error = Math.max(error, Math.abs(expected[i] - actual.get(i)));
    }
    assertThat(error / largest).as(name).isLessThanOrEqualTo(TOLERANCE);
  }

  private static Tensor pixels(Arena arena, ViTConfig config) {
    Shape shape = Shape.of(2, config.channels(), config.imageHeight(), config.imageWidth());
    float[] values = new float[Math.toIntExact(shape.elements())];
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(arena, shape, values);
  }

  /** Random weights of an untrained model hardly matter: these are ten times as large. */
  private record Amplified(ViTWeights source) implements ViTWeights {
    @Override
    public ViTConfig config() {
      return source.config();
    }

    @Override
    public Tensor get(String name, Arena arena) {
      Tensor tensor = source.get(name, arena);
      if (tensor.shape().rank() == 1) {
        return tensor;
      }
      float[] values = tensor.toFloats();
      for (int i = 0; i < values.length; i++) {
        values[i] *= 10;
      }
      return Tensor.of(arena, tensor.shape(), values);
    }
  }
}
