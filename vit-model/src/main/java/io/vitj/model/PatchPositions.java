package io.vitj.model;

import io.vitj.nn.EncoderBlock;
import io.vitj.tensor.RelativePositionBias;
import io.vitj.tensor.Shape;
import io.vitj.tensor.Tensor;
import java.lang.foreign.Arena;

/**
 * What tells the attention of the blocks where the patches are. The tables are kept on the grid of
 * the checkpoint, because each other grid is resampled from it.
 */
final class PatchPositions {
  private final float[][] tables; // of each block, or of all; none without relative positions

  /**
   * @param tables the tables of relative positions: one for each block, or one for all
   */
  PatchPositions(float[]... tables) {
    this.tables = tables;
  }

  /**
   * Makes blocks for the grid of an input size.
   *
   * @param blocks blocks on any grid
   * @param c the config of the same weights for that size
   * @return blocks on the same weights; memory of their own is freed when nothing refers to it
   */
  EncoderBlock[] place(EncoderBlock[] blocks, ViTConfig c) {
    if (c.rotary() == null && c.relativePositions() == null) {
      return blocks;
    }
    Arena arena = Arena.ofAuto();
    Tensor angles = c.rotary() == null ? null : angles(c, arena);
    RelativePositionBias[] biases = new RelativePositionBias[tables.length];
    for (int i = 0; i < biases.length; i++) {
      biases[i] = bias(tables[i], c, arena);
    }
    EncoderBlock[] placed = new EncoderBlock[blocks.length];
    for (int i = 0; i < placed.length; i++) {
      placed[i] = blocks[i].at(angles, biases.length == 0 ? null : biases[i % biases.length]);
    }
    return placed;
  }

  private static Tensor angles(ViTConfig c, Arena arena) {
    float[] table = c.rotary().angles(c.gridHeight(), c.gridWidth(), c.headWidth());
    return Tensor.of(arena, Shape.of(c.patches(), c.headWidth()), table);
  }

  private static RelativePositionBias bias(float[] table, ViTConfig c, Arena arena) {
    int height = c.gridHeight();
    int width = c.gridWidth();
    RelativePositions positions = c.relativePositions();
    float[] resampled =
        positions.resample(table, c.heads(), c.positionRows(), c.positionColumns(), height, width);
    try (Arena transientArena = Arena.ofConfined()) {
      Shape shape = Shape.of(positions.rows(height, width), c.heads());
      Tensor source = Tensor.of(transientArena, shape, resampled);
      return new RelativePositionBias(arena, source, height, width);
    }
  }
}
