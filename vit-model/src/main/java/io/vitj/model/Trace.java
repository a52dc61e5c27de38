package io.vitj.model;

import io.vitj.nn.Observer;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.parallel.Parallel;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Everything that a forward pass makes, by name, in the order of the computation: {@code
 * embeddings}, {@code attn.<i>} and {@code block.<i>} for each block, {@code features}, {@code
 * pre_logits}, {@code logits}; and under the names that families have for them {@code cls_logits}
 * and {@code distillation_logits} (a distilled head), {@code image_embeds} (a projection), {@code
 * last_hidden_state}, {@code pooler_output} and {@code embedding} (no classifier; the last without
 * pooler and projection only).
 */
public final class Trace {
  private Trace() {}

  /**
   * Runs a model and keeps everything.
   *
   * @param model the model
   * @param pixelValues (B, C, H, W), preprocessed; where it is not of the model's size, the model
   *     runs {@link VisionTransformer#at} its size
   * @param parallel the threads
   * @param arena the owner of the results
   * @return copies by name, in the order of the computation
   * @throws ModelException if the pixels do not fit the model or are not finite
   */
  public static Map<String, Tensor> of(
      VisionTransformer model, Tensor pixelValues, Parallel parallel, Arena arena) {
    ViTConfig config = model.config();
    Shape given = pixelValues.shape();
    if (given.rank() != 4 || given.elements() == 0 || given.dim(1) != config.channels()) {
      throw new ModelException(
          String.format(
              "pixel_values is %s, but this model takes (B, %d, H, W)", given, config.channels()));
    }
    Recorder recorder = new Recorder(arena);
    VisionTransformer sized = model.at(given.dim(2), given.dim(3));
    try (Session session = new Session(sized, parallel, given.dim(0), Session.Detail.ATTENTION)) {
      session.input().copyFrom(pixelValues);
      session.run(recorder);
      recorder.outputs(session, config);
    }
    return recorder.tensors;
  }

  private static final class Recorder implements Observer {
    private final Arena arena;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    Recorder(Arena arena) {
      this.arena = arena;
    }

    private void keep(String name, Tensor tensor) {
      Tensor copy = Tensor.allocate(arena, tensor.shape());
      copy.copyFrom(tensor);
      tensors.put(name, copy);
    }

    @Override
    public void embeddings(Tensor x) {
      keep("embeddings", x);
    }

    @Override
    public void attention(int block, Tensor probabilities) {
      keep("attn." + block, probabilities);
    }

    @Override
    public void block(int block, Tensor x) {
      keep("block." + block, x);
    }

    void outputs(Session session, ViTConfig config) {
      boolean pooled = config.pooling() != ViTConfig.Pooling.NONE;
      keep("features", session.features());
      if (config.classes() == 0) {
        tensors.put("last_hidden_state", tensors.get("features"));
      }
      if (pooled) {
        keep("pre_logits", session.preLogits());
      }
      if (pooled && config.classes() == 0) {
        tensors.put("pooler_output", tensors.get("pre_logits"));
      }
      if (config.projectionWidth() > 0) {
        keep("image_embeds", session.projected());
      } else if (pooled && config.classes() == 0 && config.poolerWidth() == 0) {
        tensors.put("embedding", tensors.get("pre_logits"));
      }
      if (config.distilledHead()) {
        keep("cls_logits", session.classLogits());
        keep("distillation_logits", session.distillationLogits());
      }
      if (config.classes() > 0) {
        keep("logits", session.logits());
      }
    }
  }
}
