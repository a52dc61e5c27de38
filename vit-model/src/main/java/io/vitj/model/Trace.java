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
 * and {@code distillation_logits} (a distilled head), {@code pooler_output} (a pooler), {@code
 * last_hidden_state} and {@code embedding} (no classifier).
 */
public final class Trace {
  private Trace() {}

  /**
   * Runs a model and keeps everything.
   *
   * @param model the model
   * @param pixelValues (B, C, H, W), preprocessed
   * @param parallel the threads
   * @param arena the owner of the results
   * @return copies by name, in the order of the computation
   * @throws ModelException if the pixels do not fit the model or are not finite
   */
  public static Map<String, Tensor> of(
      VisionTransformer model, Tensor pixelValues, Parallel parallel, Arena arena) {
    ViTConfig config = model.config();
    Shape given = pixelValues.shape();
    int batch = given.rank() == 4 ? given.dim(0) : 1;
    Shape wanted = Shape.of(batch, config.channels(), config.imageHeight(), config.imageWidth());
    if (batch < 1 || !given.equals(wanted)) {
      throw new ModelException(
          String.format(
              "pixel_values is %s, but this model takes (B, %d, %d, %d)",
              given, config.channels(), config.imageHeight(), config.imageWidth()));
    }
    Recorder recorder = new Recorder(arena);
    try (Session session = new Session(model, parallel, batch, Session.Detail.ATTENTION)) {
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
      if (config.poolerWidth() > 0) {
        tensors.put("pooler_output", tensors.get("pre_logits"));
      } else if (pooled && config.classes() == 0) {
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
