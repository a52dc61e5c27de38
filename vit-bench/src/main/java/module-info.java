/** JMH benchmarks and comparisons. */
@SuppressWarnings(
    "requires-automatic") // protobuf, the classes of ONNX and XChart have no descriptors
module io.vitj.bench {
  requires com.fasterxml.jackson.databind;
  requires com.google.protobuf;
  requires io.vitj.model;
  requires io.vitj.nn;
  requires java.management;
  requires jdk.management;
  requires jmh.core;
  requires org.knowm.xchart;
  requires org.tribuo.util.onnx;
  requires static jdk.incubator.vector;
}
