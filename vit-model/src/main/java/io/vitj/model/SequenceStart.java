package io.vitj.model;

import io.vitj.model.ViTConfig.Positions;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;

/**
 * What a sequence holds before its patches are added: prefix tokens and position embeddings. The
 * embeddings are kept on the grid of the checkpoint, because each other grid is resampled from it.
 */
public final class SequenceStart {
  private final int rows;
  private final int columns;
  private final Tensor stored; // (prefix tokens + rows · columns, D)

  /**
   * @param config the architecture, for the grid of the checkpoint
   * @param stored prefix tokens and positions on that grid
   */
  SequenceStart(ViTConfig config, Tensor stored) {
    this.rows = config.positionRows();
    this.columns = config.positionColumns();
    this.stored = stored;
  }

  /**
   * Adds up prefix tokens and position embeddings.
   *
   * @param weights where they come from
   * @param arena the owner of the sums
   * @return the sums
   * @throws ModelException if a weight is missing or cannot be used
   */
  public static SequenceStart of(ViTWeights weights, Arena arena) {
    return new SequenceStart(weights.config(), stored(weights, arena));
  }

  /** The sums on the grid of the checkpoint: (prefix tokens + rows · columns, D). */
  static Tensor stored(ViTWeights weights, Arena arena) {
    ViTConfig config = weights.config();
    int prefix = config.prefixTokens();
    int patches = config.positionRows() * config.positionColumns();
    Tensor start = Tensor.allocate(arena, Shape.of(prefix + patches, config.width())); // zeros
    try (Arena source = Arena.ofConfined()) {
      int token = 0;
      if (config.classToken()) {
        start.slice(token++, 1).copyFrom(weights.get("cls_token", source));
      }
      if (config.distillationToken()) {
        start.slice(token++, 1).copyFrom(weights.get("dist_token", source));
      }
      if (config.registerTokens() > 0) {
        start.slice(token, config.registerTokens()).copyFrom(weights.get("reg_token", source));
      }
      if (config.positions() != Positions.NONE) {
        float[] positions = weights.get("pos_embed", source).toFloats();
        int leading = config.positionedPrefixTokens();
        add(positions, 0, start.slice(0, leading));
        add(positions, leading * config.width(), start.slice(prefix, patches));
      }
    }
    return start;
  }

  private static void add(float[] values, int from, Tensor tokens) {
    float[] sum = tokens.toFloats();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += values[from + i];
    }
    tokens.copyFrom(sum);
  }

  /**
   * Brings the positions to the grid of an input size.
   *
   * @param c the config of the same weights for that size
   * @return (T, D); its memory is freed when nothing refers to it, or with the model's
   */
  public Tensor at(ViTConfig c) {
    if (c.gridHeight() == rows && c.gridWidth() == columns) {
      return stored;
    }
    int prefix = c.prefixTokens();
    Tensor start = Tensor.allocate(Arena.ofAuto(), Shape.of(c.tokens(), c.width()));
    start.slice(0, prefix).copyFrom(stored.slice(0, prefix));
    float[] grid = stored.slice(prefix, rows * columns).toFloats();
    float[] resampled =
        c.positionResampling().resample(grid, rows, columns, c.gridHeight(), c.gridWidth());
    start.slice(prefix, c.patches()).copyFrom(resampled);
    return start;
  }
}
