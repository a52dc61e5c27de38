package io.vitj.bench.peer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitj.bench.ModelSize;
import io.vitj.model.Parameter;
import io.vitj.model.Presets;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTWeights;
import io.vitj.model.checkpoint.SafetensorsWriter;
import io.vitj.model.checkpoint.family.ModelDirectory;
import io.vitj.model.onnx.OnnxExporter;
import io.vitj.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/**
 * A whole model, from pixels to logits.
 *
 * @param size the architecture
 * @param pixels the side of its images
 */
record ModelWorkload(ModelSize size, int pixels) implements Workload {
  @Override
  public String label() {
    return size.label();
  }

  @Override
  public Job.Kind kind() {
    return Job.Kind.MODEL;
  }

  private ObjectNode arguments() {
    return JsonNodeFactory.instance.objectNode().put("img_size", pixels);
  }

  private ViTConfig config() {
    return Presets.arguments(size.preset()).with(arguments()).config();
  }

  @Override
  public long flops(int batch) {
    return batch * config().flops();
  }

  @Override
  public long bytes(int batch) {
    return 0;
  }

  @Override
  public void writeWeights(Path directory) throws IOException {
    ViTConfig config = config();
    ViTWeights weights = ViTWeights.random(config, SEED);
    SafetensorsWriter writer = new SafetensorsWriter();
    for (Parameter p : config.parameters()) {
      writer.add(p.name(), DType.F32, p.shape(), arena -> weights.get(p.name(), arena));
    }
    writer.write(directory.resolve("model.safetensors"));
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("architecture", size.preset())
            .put("num_classes", config.classes());
    json.set("model_args", arguments());
    new ObjectMapper().writeValue(directory.resolve("config.json").toFile(), json);
  }

  @Override
  public void writeInput(Job job, Collection<EngineKind> engines) throws IOException {
    ViTConfig config = config();
    int image = config.channels() * config.imageHeight() * config.imageWidth();
    FloatFile.write(job.input(), Workload.normal(job.batch() * image, 1));
    try (ModelDirectory model = ModelDirectory.open(job.directory())) {
      OnnxExporter.of(model.weights()).batch(job.batch()).write(job.graph());
    }
    if (engines.contains(EngineKind.ONNXRUNTIME_JAVA_INT8)) {
      Int8Graph.write(job.graph(), job.int8Graph());
    }
    if (engines.contains(EngineKind.DJL) && !Files.exists(job.torchScript())) {
      TorchScript.write(job.torchScript(), ViTWeights.random(config, SEED));
    }
  }
}
