package io.vitj.model;

import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;

/**
 * What a sequence holds before its patches are added: prefix tokens and position embeddings. The
 * embeddings are kept on the grid of the checkpoint, because each other grid is resampled from it.
 */
final class SequenceStart {
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
   * Brings the positions to the grid of an input size.
   *
   * @param c the config of the same weights for that size
   * @return (T, D); its memory is freed when nothing refers to it, or with the model's
   */
  Tensor at(ViTConfig c) {
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
