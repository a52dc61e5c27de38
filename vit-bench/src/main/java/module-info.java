/** JMH benchmarks and comparisons. */
module io.vitj.bench {
  requires io.vitj.model;
  requires io.vitj.nn;
  requires java.management;
  requires jdk.management;
  requires jmh.core;
  requires static jdk.incubator.vector;
}
