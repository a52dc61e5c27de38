package io.vitj.model;

import io.vitj.nn.Step;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.memory.Workspace;
import io.vitj.tensor.memory.WorkspacePlan;

/**
 * The tensors of a session outside its blocks, and the views of single images that the embedding
 * needs. All are made once, so that a forward pass makes none. What a model does not have is null.
 */
final class Activations {
  /** (B, C, H, W); it shares memory with what comes later. */
  final Tensor pixels;

  /** (B, N, C·P·P). */
  final Tensor columns;

  /** (B, T, D), the residual stream. */
  final Tensor x;

  /** (B, Q, D), what is read of it after the last block; x itself where Q = T. */
  final Tensor read;

  /** (T, D) of x for each image. */
  final Tensor[] images;

  /** (N, C·P·P) of the columns for each image. */
  final Tensor[] imageColumns;

  /** (N, D) of x for each image: what follows the prefix tokens. */
  final Tensor[] imagePatches;

  /** (B, D), or (B, 2·D) for a token and a mean side by side. */
  final Tensor pooled;

  /** (B, E), the input of the head; the same as pooled where there is no pooler. */
  final Tensor embedding;

  /** (B, E); the same as embedding, but with a distilled head the mean of both tokens. */
  final Tensor preLogits;

  /** (B, P'), the embedding in the space that images share with texts. */
  final Tensor projected;

  /** (B, classes). */
  final Tensor logits;

  /** (B, D), with a distilled head: the distillation token. */
  final Tensor distilled;

  /** (B, classes), with a distilled head: the logits of the class token. */
  final Tensor classLogits;

  /** (B, classes), with a distilled head: the logits of the distillation token. */
  final Tensor distillationLogits;

  /**
   * Enters the regions. Outputs live all the time: they stay valid until the next forward pass,
   * even while its pixels are written.
   *
   * @param tokensRead how many tokens Q are read after the last block
   * @param keepFeatures whether the whole sequence is an output
   */
  static void plan(
      WorkspacePlan plan, ViTConfig c, int batch, int tokensRead, boolean keepFeatures) {
    Shape pixels = Shape.of(batch, c.channels(), c.imageHeight(), c.imageWidth());
    Shape columns = Shape.of(batch, c.patches(), c.channels() * c.patch() * c.patch());
    Shape sequence = Shape.of(batch, c.tokens(), c.width());
    plan.region("pixels", pixels, Step.PATCHIFY, Step.PATCHIFY);
    plan.region("columns", columns, Step.PATCHIFY, Step.EMBED);
    plan.region("x", sequence, keepFeatures ? Step.PATCHIFY : Step.EMBED, Step.HEAD);
    if (tokensRead < c.tokens()) {
      Shape read = Shape.of(batch, tokensRead, c.width());
      plan.region("read", read, Step.NORM1, Step.HEAD);
    }
    output(plan, "pooled", batch, c.pooledWidth());
    if (c.poolerWidth() > 0) {
      output(plan, "embedding", batch, c.poolerWidth());
    }
    if (c.projectionWidth() > 0) {
      output(plan, "projected", batch, c.projectionWidth());
    }
    if (c.classes() > 0) {
      output(plan, "logits", batch, c.classes());
    }
    if (c.distilledHead()) {
      output(plan, "preLogits", batch, c.width());
      output(plan, "distilled", batch, c.width());
      output(plan, "classLogits", batch, c.classes());
      output(plan, "distillationLogits", batch, c.classes());
    }
  }

  private static void output(WorkspacePlan plan, String name, int batch, int width) {
    plan.region(name, Shape.of(batch, width), Step.PATCHIFY, Step.HEAD);
  }

  /** Finds the tensors of a plan in its memory. */
  Activations(Workspace workspace, ViTConfig c, int batch, int tokensRead) {
    pixels = workspace.tensor("pixels");
    columns = workspace.tensor("columns");
    x = workspace.tensor("x");
    read = tokensRead < c.tokens() ? workspace.tensor("read") : x;
    images = new Tensor[batch];
    imageColumns = new Tensor[batch];
    imagePatches = new Tensor[batch];
    Shape patchRows = Shape.of(c.patches(), columns.shape().dim(2));
    for (int b = 0; b < batch; b++) {
      images[b] = x.slice(b, 1).reshape(Shape.of(c.tokens(), c.width()));
      imageColumns[b] = columns.slice(b, 1).reshape(patchRows);
      imagePatches[b] = images[b].slice(c.prefixTokens(), c.patches());
    }
    pooled = workspace.tensor("pooled");
    embedding = c.poolerWidth() > 0 ? workspace.tensor("embedding") : pooled;
    projected = c.projectionWidth() > 0 ? workspace.tensor("projected") : null;
    logits = c.classes() > 0 ? workspace.tensor("logits") : null;
    boolean twoHeads = c.distilledHead();
    preLogits = twoHeads ? workspace.tensor("preLogits") : embedding;
    distilled = twoHeads ? workspace.tensor("distilled") : null;
    classLogits = twoHeads ? workspace.tensor("classLogits") : null;
    distillationLogits = twoHeads ? workspace.tensor("distillationLogits") : null;
  }
}
