package io.vitj.model.checkpoint.family;

import io.vitj.model.ViTConfig;
import io.vitj.model.checkpoint.CheckpointFile;

/**
 * A layout in which weights of one of timm's architectures are published, by timm or by those who
 * trained them.
 */
interface TimmLayout {
  /** timm's own, whose names are the canonical ones. */
  TimmLayout TIMM =
      new TimmLayout() {
        @Override
        public String name() {
          return "timm ViT";
        }

        @Override
        public String marker() {
          throw new UnsupportedOperationException("what has no other layout has this one");
        }

        @Override
        public NameTable names(ViTConfig config, CheckpointFile file) {
          return NameTable.canonical();
        }
      };

  /**
   * Returns what to call this layout.
   *
   * @return a name for people
   */
  String name();

  /**
   * Returns what tells this layout from the others.
   *
   * @return a tensor that every file of it has, and no file of those after it in the list of all
   */
  String marker();

  /**
   * Returns whether a file has this layout.
   *
   * @param file the open file
   * @return whether it has the {@link #marker}, unless a layout knows better
   */
  default boolean matches(CheckpointFile file) {
    return file.tensors().containsKey(marker());
  }

  /**
   * Changes what these weights do otherwise than timm's architecture.
   *
   * @param timm the architecture as timm has it
   * @param file the open file
   * @return the architecture of the file
   */
  default ViTConfig config(ViTConfig timm, CheckpointFile file) {
    return timm;
  }

  /**
   * Returns the names in files of this layout.
   *
   * @param config the architecture, as {@link #config} changed it
   * @param file the open file
   * @return a table that covers all its parameters
   */
  NameTable names(ViTConfig config, CheckpointFile file);
}
