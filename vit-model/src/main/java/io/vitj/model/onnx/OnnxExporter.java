package io.vitj.model.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import io.vitj.model.ModelException;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTWeights;
import io.vitj.model.checkpoint.OutputFile;
import java.nio.file.Path;

/**
 * Writes a model as an ONNX graph in single precision (opset 17), for ONNX Runtime and others: the
 * input {@code pixel_values} (B, C, H, W), preprocessed, and outputs as {@link io.vitj.model.Trace}
 * names them. With a classifier these are {@code logits}, and {@code cls_logits} and {@code
 * distillation_logits} of a distilled model; without one {@code features} and, as far as the model
 * has it, one of {@code image_embeds}, {@code pooler_output} and {@code embedding}.
 *
 * <p>The file is written tensor by tensor; the whole model is never in memory. Beyond 2 GB, the
 * most that the format holds, the weights go to {@code FILE.data} beside it (ONNX external data).
 */
public final class OnnxExporter {
  private static final int OPSET = 17;

  /** The version of the format that ONNX 1.12 wrote, the first with opset 17. */
  private static final int IR_VERSION = 8;

  private final ViTWeights weights;
  private final ViTConfig config;
  private final int batch;
  private final long maxBytes;

  private OnnxExporter(ViTWeights weights, ViTConfig config, int batch, long maxBytes) {
    this.weights = weights;
    this.config = config;
    this.batch = batch;
    this.maxBytes = maxBytes;
  }

  /**
   * Takes a model, at the input size of its config and for batches of any size.
   *
   * @param weights the weights
   * @return the exporter
   * @throws ModelException if the protobuf classes, an optional dependency, are missing
   */
  public static OnnxExporter of(ViTWeights weights) {
    requireProtobuf();
    return new OnnxExporter(weights, weights.config(), 0, Integer.MAX_VALUE);
  }

  private static void requireProtobuf() {
    try {
      Class.forName("ai.onnx.proto.OnnxMl$ModelProto");
    } catch (ClassNotFoundException | NoClassDefFoundError e) {
      throw new ModelException(
          "writing ONNX needs org.tribuo:tribuo-util-onnx and com.google.protobuf:protobuf-java,"
              + " which are not there; add them to the dependencies",
          e);
    }
  }

  /**
   * Sets the input size. Position embeddings are resampled by the rule of the model's family.
   *
   * @param height height of the input in pixels
   * @param width width of the input in pixels
   * @return an exporter for that size
   * @throws ModelException if the patch does not divide a side
   */
  public OnnxExporter at(int height, int width) {
    return new OnnxExporter(weights, config.at(height, width), batch, maxBytes);
  }

  /**
   * Fixes the number of images.
   *
   * @param images the batch size, at least 1
   * @return an exporter for that batch size
   * @throws ModelException if it is below 1
   */
  public OnnxExporter batch(int images) {
    if (images < 1) {
      throw new ModelException("a batch needs at least 1 image, not " + images);
    }
    return new OnnxExporter(weights, config, images, maxBytes);
  }

  /** Sets the size beyond which the weights go to a second file. */
  OnnxExporter maxBytes(long bytes) {
    return new OnnxExporter(weights, config, batch, bytes);
  }

  /**
   * Writes the model.
   *
   * @param file the file to make or to replace
   * @throws ModelException if a weight cannot be used, or the file cannot be written; an old file
   *     is then still there
   */
  public void write(Path file) {
    OutputFile.requireWritable(file);
    OnnxGraph graph = new OnnxGraph(new OnnxGraph.Batch(batch));
    new OnnxEncoder(config, weights, graph).build();
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("vitj")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
            .build();
    new OnnxFile(file, maxBytes).write(model, graph.build("vit"), graph.constants());
  }
}
