/** Vision Transformer models: configurations, checkpoints, image preprocessing and pipelines. */
@SuppressWarnings("requires-automatic") // fastutil, TwelveMonkeys and protobuf have no descriptors
module io.vitj.model {
  requires com.twelvemonkeys.imageio.core;
  requires com.twelvemonkeys.imageio.tiff;
  requires it.unimi.dsi.fastutil.core;
  requires java.net.http;
  requires static com.google.protobuf;
  requires static org.tribuo.util.onnx;
  requires transitive com.fasterxml.jackson.databind;
  requires transitive io.vitj.nn;
  requires transitive io.vitj.tensor;
  requires transitive java.desktop;

  exports io.vitj.model;
  exports io.vitj.model.checkpoint;
  exports io.vitj.model.checkpoint.family;
  exports io.vitj.model.draw;
  exports io.vitj.model.hub;
  exports io.vitj.model.image;
  exports io.vitj.model.onnx;
  exports io.vitj.model.packed;
  exports io.vitj.model.pipeline;
  exports io.vitj.model.text;
}
