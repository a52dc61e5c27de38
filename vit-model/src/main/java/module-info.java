/** Vision Transformer models: configs, checkpoints, image preprocessing, pipelines. */
@SuppressWarnings("requires-automatic")
module io.vitj.model {
  requires transitive com.fasterxml.jackson.databind;
  requires transitive java.desktop;

  exports io.vitj.model;
}
