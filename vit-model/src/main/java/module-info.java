/** Vision Transformer models: configurations, checkpoints, image preprocessing and pipelines. */
module io.vitj.model {
  requires transitive com.fasterxml.jackson.databind;
  requires transitive io.vitj.tensor;

  exports io.vitj.model;
}
