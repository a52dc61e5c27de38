package io.vitj.model.checkpoint.family;

import io.vitj.model.Parameter;
import io.vitj.model.ViTConfig;
import io.vitj.model.ViTConfig.Positions;
import io.vitj.model.checkpoint.CheckpointFile;
import io.vitj.model.checkpoint.StoredTensor;
import java.util.Optional;
import java.util.OptionalInt;

/** The grid of the position embeddings in a file, which a config may ask to run at another. */
final class StoredPositions {
  private StoredPositions() {}

  /**
   * Sets the grid that the positions of a file are stored for, where it is not that of the input.
   * Files do not say it, so that it is taken for a square, as all libraries do.
   *
   * @param config the architecture
   * @param names the names in the file
   * @param file the open file
   * @return the config of this file; unchanged where its positions fit, or make no square
   */
  static ViTConfig fit(ViTConfig config, NameTable names, CheckpointFile file) {
    OptionalInt patches = patches(config, names, file);
    if (patches.isEmpty() || patches.getAsInt() == config.patches()) {
      return config;
    }
    int side = (int) Math.sqrt(Math.max(patches.getAsInt(), 0));
    return side > 0 && side * side == patches.getAsInt()
        ? config.toBuilder().positionGrid(side, side).build()
        : config;
  }

  /**
   * Counts the patches that a file has positions for.
   *
   * @param config the architecture
   * @param names the names in the file
   * @param file the open file
   * @return the rows of the position embeddings less those of the prefix tokens; nothing without
   *     position embeddings of this width
   */
  static OptionalInt patches(ViTConfig config, NameTable names, CheckpointFile file) {
    if (config.positions() == Positions.NONE) {
      return OptionalInt.empty();
    }
    Parameter positions =
        config.parameters().stream().filter(p -> p.name().equals("pos_embed")).findFirst().get();
    Optional<StoredTensor> stored = names.stored(positions, file);
    if (stored.isEmpty() || stored.get().shape().rank() < 2) {
      return OptionalInt.empty();
    }
    int rank = stored.get().shape().rank();
    return stored.get().shape().dim(rank - 1) == config.width()
        ? OptionalInt.of(stored.get().shape().dim(rank - 2) - config.positionedPrefixTokens())
        : OptionalInt.empty();
  }
}
