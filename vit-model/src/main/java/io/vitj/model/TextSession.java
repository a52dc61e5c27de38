package io.vitj.model;

import io.vitj.nn.ExecutionContext;
import io.vitj.nn.ExecutionContext.Extents;
import io.vitj.nn.Step;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.TensorOps;
import io.vitj.tensor.memory.Workspace;
import io.vitj.tensor.memory.WorkspacePlan;
import io.vitj.tensor.parallel.Parallel;
import java.lang.foreign.Arena;

/**
 * A place to run a {@link TextTransformer}: the memory of one batch size and one number of tokens,
 * and the threads. All memory is allocated here. Not thread-safe, but different threads may use it
 * one after the other, and close it.
 */
public final class TextSession implements AutoCloseable {
  private static final String X = "x";
  private static final String POOLED = "pooled";
  private static final String EMBEDDINGS = "embeddings";

  private final TextTransformer model;
  private final int batch;
  private final int tokens;
  private final Arena arena;
  private final TensorOps ops;
  private final ExecutionContext context;
  private final Tensor x;
  private final Tensor pooled;
  private final Tensor embeddings;

  /**
   * Plans a session.
   *
   * @param model the model; it must stay open as long as this session
   * @param parallel the threads
   * @param batch the number of texts B of a forward pass
   * @param tokens the tokens of a text: all of the context, or in a causal model as many as reach
   *     to the end of the longest text, with the same bits as a result
   * @throws ModelException if the batch is below 1, or the tokens are not those of the model
   */
  public TextSession(TextTransformer model, Parallel parallel, int batch, int tokens) {
    TextConfig c = model.config();
    if (batch < 1) {
      throw new ModelException("a batch needs at least 1 text, not " + batch);
    }
    int least = c.causal() ? 1 : c.contextLength();
    if (tokens < least || tokens > c.contextLength()) {
      throw new ModelException(
          "a text of this model has %d to %d tokens, not %d"
              .formatted(least, c.contextLength(), tokens));
    }
    this.model = model;
    this.batch = batch;
    this.tokens = tokens;
    ViTConfig e = c.encoder();
    WorkspacePlan plan = new WorkspacePlan();
    plan.region(X, Shape.of(batch, tokens, e.width()), Step.EMBED, Step.HEAD);
    plan.region(POOLED, Shape.of(batch, e.width()), Step.POOL, Step.HEAD);
    plan.region(EMBEDDINGS, Shape.of(batch, c.embeddingWidth()), Step.EMBED, Step.HEAD);
    Extents extents = new Extents(batch, tokens, e.width(), e.heads(), e.mlpHidden());
    ExecutionContext.plan(plan, extents, false);
    arena = Arena.ofShared();
    try {
      Workspace workspace = plan.allocate(arena);
      ops = new TensorOps(arena, parallel);
      context = new ExecutionContext(ops, workspace, extents, false);
      x = workspace.tensor(X);
      pooled = workspace.tensor(POOLED);
      embeddings = workspace.tensor(EMBEDDINGS);
    } catch (Throwable failure) {
      arena.close();
      throw failure;
    }
  }

  /**
   * Runs one forward pass.
   *
   * @param ids for each text of the batch the ids of its tokens
   * @throws ModelException if there are more or fewer texts or tokens than this session is for, or
   *     the model does not know an id
   */
  public void run(int[]... ids) {
    if (ids.length != batch) {
      throw new ModelException("this session takes " + batch + " texts, not " + ids.length);
    }
    for (int[] text : ids) {
      check(text);
    }
    ops.begin();
    try {
      model.forward(context, ids, x, pooled, embeddings);
    } finally {
      ops.end();
    }
  }

  private void check(int... text) {
    if (text.length != tokens) {
      throw new ModelException("this session takes " + tokens + " tokens, not " + text.length);
    }
    int vocabulary = model.config().vocabulary();
    for (int id : text) {
      if (id < 0 || id >= vocabulary) {
        throw new ModelException("token id " + id + " is not among the model's " + vocabulary);
      }
    }
  }

  /**
   * Returns the embeddings of the texts in the space of the images. Valid until the next run.
   *
   * @return (B, E), not normalised
   */
  public Tensor embeddings() {
    return embeddings;
  }

  /** Frees the memory. */
  @Override
  public void close() {
    arena.close();
  }
}
