/** Vision Transformer models: configurations, checkpoints, image preprocessing and pipelines. */
@SuppressWarnings("requires-automatic") // fastutil has no module descriptor
module io.vitj.model {
  requires transitive com.fasterxml.jackson.databind;
  requires transitive io.vitj.tensor;
  requires it.unimi.dsi.fastutil.core;

  exports io.vitj.model;
  exports io.vitj.model.checkpoint;
  exports io.vitj.model.checkpoint.family;
}
