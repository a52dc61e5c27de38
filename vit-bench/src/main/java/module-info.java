/** JMH benchmarks and comparisons. */
module io.vitj.bench {
  requires io.vitj.model;
  requires jmh.core;
  requires static jdk.incubator.vector;
}
