package io.vitj.bench.layer;

import io.vitj.bench.ModelSize;
import io.vitj.bench.OperationState;
import io.vitj.bench.Work;
import io.vitj.model.ViTConfig;
import io.vitj.nn.Attention;
import io.vitj.nn.ExecutionContext;
import io.vitj.nn.ExecutionContext.Extents;
import io.vitj.nn.LayerNorm;
import io.vitj.nn.Linear;
import io.vitj.nn.Mlp;
import io.vitj.tensor.Tensor;
import io.vitj.tensor.memory.WorkspacePlan;
import org.openjdk.jmh.annotations.Param;

/** A residual stream x (B, T, D), the layers that may add to it, and what they run on. */
public abstract class LayerState extends OperationState {
  /** The encoder. */
  @Param public ModelSize size;

  /** The images. */
  @Param({"1", "8"})
  public int batch;

  private ExecutionContext context;
  private Tensor x;

  /** For JMH. */
  protected LayerState() {}

  @Override
  protected final Work prepareOperands() {
    ViTConfig config = size.config();
    Extents extents =
        new Extents(batch, config.tokens(), config.width(), config.heads(), config.mlpHidden());
    WorkspacePlan plan = new WorkspacePlan();
    ExecutionContext.plan(plan, extents, false);
    context = new ExecutionContext(ops(), plan.allocate(arena()), extents, false);
    x = normal(1, batch, config.tokens(), config.width());
    return prepareLayer(config);
  }

  /**
   * Makes the layer.
   *
   * @param config its sizes
   * @return what one pass through it does
   */
  protected abstract Work prepareLayer(ViTConfig config);

  @Override
  protected final Tensor output() {
    return x;
  }

  /**
   * Returns what the layer runs on.
   *
   * @return the context
   */
  protected final ExecutionContext context() {
    return context;
  }

  /**
   * Returns the residual stream.
   *
   * @return x (B, T, D)
   */
  protected final Tensor x() {
    return x;
  }

  final Linear linear(int inputs, int outputs) {
    return new Linear(arena(), weight(outputs, inputs), normal(0.1, outputs));
  }

  final LayerNorm norm(ViTConfig config) {
    int width = config.width();
    return new LayerNorm(normal(1, width), normal(0.1, width), config.layerNormEps());
  }

  final Attention attention(ViTConfig config) {
    int width = config.width();
    return new Attention(linear(width, 3 * width), null, linear(width, width), config.heads());
  }

  final Mlp mlp(ViTConfig config) {
    Linear fc1 = linear(config.width(), config.mlpHidden());
    Linear fc2 = linear(config.mlpHidden(), config.width());
    return Mlp.plain(fc1, null, fc2, config.activation());
  }

  /** The products of {@link #attention} and the longest sums on the way. */
  final Work attentionWork(ViTConfig config) {
    long tokens = config.tokens();
    long width = config.width();
    long products = batch * (4 * tokens * width * width + 2 * tokens * tokens * width);
    return Work.arithmetic(2 * products, 2 * width + config.headWidth() + tokens);
  }

  /** The products of {@link #mlp} and the longest sums on the way. */
  final Work mlpWork(ViTConfig config) {
    long products = 2L * batch * config.tokens() * config.width() * config.mlpHidden();
    return Work.arithmetic(2 * products, config.width() + config.mlpHidden());
  }
}
